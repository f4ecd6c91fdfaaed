"""What must an entry have to answer these words? Pairs, words and their synonyms, numbers with units, side by side or apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from search import synonyms, text

# Letters typed so far may be the beginning of a word; fewer than these would begin too many.
_SHORTEST_PREFIX = 3
_PARTS = re.compile(r"[^\W\d_]+|\d+")
# A name that ends with a number: wifi6, wi fi 6, type 2.
_NUMBERED = re.compile(r"(?<![a-z\d])(?<![a-z\d] )(?P<name>[a-z]+(?: [a-z]+)*) ?(?P<number>\d{1,4})(?! ?[a-z\d])")
# What was typed ranks so many times as high as another word for it, and so does what stands side by side as it was typed.
TYPED_COUNTS = 2
WHOLE_COUNTS = 2
_UNITS_IN_CHINESE = {name: unit for unit, name in text.UNITS.items()}
_UNIT_NAMES = sorted(_UNITS_IN_CHINESE.items(), key=lambda pair: -len(pair[0]))

# What belongs to asking and not to what is asked for.
_ASIDE = re.compile(
    "(?:请问|有没有|有哪些|哪里有|哪家有|如何|怎么样?|怎样|为什么|我们?(?:公司|单位|厂)?(?:想要?|需要|要)|想要?(?=购买|引进|找|了解|解决)|寻找|寻求|求购|购买|引进"
    "|征集|查找|了解|能够?用于|可以?用于|适用于|应用于|用于|关于|方面|相关|做到|(?<!目)的|[吗呢吧])+"
)

type Run = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Unit:
    """Tokens that must stand side by side; with `is_prefix` the last one may go on."""

    tokens: tuple[str, ...]
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Need:
    """What an entry must have: one of the alternatives, and of that all units. The first is what was typed."""

    alternatives: tuple[tuple[Unit, ...], ...]

    @property
    def units(self) -> tuple[Unit, ...]:
        return tuple(unit for alternative in self.alternatives for unit in alternative)


@dataclass(frozen=True, slots=True)
class Term:
    """A word as it was typed, or a phrase in quotes."""

    words: str
    is_phrase: bool = False

    @property
    def needs(self) -> tuple[Need, ...]:
        """The phrase as a whole; or every pair and word of it, or another word for it."""
        if not self.is_phrase:
            return _needs_of(self.words)
        return (Need(((self.whole,),)),) if self.whole else ()

    @property
    def whole(self) -> Unit | None:
        """All of it side by side; nothing when there is no letter in it."""
        return side_by_side(self.words)


def side_by_side(words: str) -> Unit | None:
    """All of these words in this order, nothing between them; None when there is no letter in them."""
    found = list(text.runs(words))
    if not found:
        return None
    last, is_cjk = found[-1]
    tokens = text.parts(words)
    if is_cjk and len(last) > 1:
        # The last character alone stands in the text only where its run ends there too.
        tokens = tokens[:-1]
    return Unit(tuple(tokens), is_prefix=is_cjk and len(last) == 1)


@lru_cache(maxsize=2000)
def _needs_of(words: str) -> tuple[Need, ...]:
    found: list[Need] = []
    typed = synonyms.plain(words)
    for piece, same in (piece for part in _meant(typed) for own in _numbered_apart(part) for piece in _pieces(own)):
        if name := _numbered(piece):
            found.append(_name_with_number(name["name"], name["number"]))
            continue
        own = list(_plain_needs(list(text.runs(piece))))
        if same:
            others = (side_by_side(word) for word in same if word != piece)
            found.append(Need((_all(own), *((unit,) for unit in others if unit))))
        else:
            found += own
    return tuple(dict.fromkeys(found))


def _numbered(piece: str) -> re.Match[str] | None:
    """Such a name and nothing else; of those with a meaning of their own the file of synonyms knows more."""
    return None if synonyms.same_as(piece) else _NUMBERED.fullmatch(piece)


def _numbered_apart(words: str) -> Iterator[str]:
    """Names that end with a number, and what stands between them."""
    at = 0
    for found in _NUMBERED.finditer(words):
        if not synonyms.same_as(found.group()):
            yield from filter(None, (words[at : found.start()].strip(), found.group()))
            at = found.end()
    if words[at:].strip():
        yield words[at:].strip()


def _name_with_number(name: str, number: str) -> Need:
    """The number beside the name or written on to it, the name in any of its writings, with a hyphen or without; or both apart."""
    writings = dict.fromkeys([name, *synonyms.same_as(name), name.replace(" ", "")])
    beside = [side_by_side(f"{writing} {number}") for writing in writings]
    joined = [side_by_side(f"{writing}{number}") for writing in writings if writing.isascii() and " " not in writing]
    apart = tuple(unit for unit in (side_by_side(name), side_by_side(number)) if unit)
    return Need(tuple(dict.fromkeys([*((unit,) for unit in (*beside, *joined) if unit), apart])))


def _pieces(words: str) -> list[tuple[str, tuple[str, ...]]]:
    """Words with synonyms, and what stands between. A single character left over belongs to its neighbour: 煤泥水 is no 煤泥."""
    joined: list[tuple[str, tuple[str, ...]]] = []
    if _numbered(words):
        return [(words, ())]
    for piece, same in synonyms.cut(words):
        if joined and (_is_rest(piece) or _is_rest(joined[-1][0])) and f"{joined[-1][0]}{piece}" in words:
            joined[-1] = (joined[-1][0] + piece, ())
        else:
            joined.append((piece, same))
    return joined


def _meant(typed: str) -> list[str]:
    """What is asked for; all of it where nothing else is left."""
    return [part for part in _ASIDE.split(typed) if part] or [typed]


def _is_rest(piece: str) -> bool:
    return len(piece) == 1 and all(is_cjk for _run, is_cjk in text.runs(piece))


def _plain_needs(runs: list[Run]) -> Iterator[Need]:
    """Of Chinese every pair; letters as they stand together; a number together with its unit."""
    was_measure = False
    while runs:
        (run, is_cjk), *runs = runs
        if is_cjk and was_measure and run in _UNITS_IN_CHINESE:
            yield _either(run, _UNITS_IN_CHINESE[run])
        elif is_cjk:
            yield from (Need(((Unit((pair,), is_prefix=len(run) == 1),),)) for pair in text.pairs(run))
        elif run.isdigit() and (measured := _measure(run, runs)):
            need, runs = measured
            yield need
        elif was_measure and run in text.UNITS:
            yield _either(run, text.UNITS[run])
        else:
            together = [run]
            while runs and not runs[0][1] and not (runs[0][0].isdigit() and _measure(runs[0][0], runs[1:])):
                together.append(runs[0][0])
                runs = runs[1:]
            yield _letters(tuple(together))
        was_measure = not is_cjk or run in _UNITS_IN_CHINESE


def is_measure(words: str) -> bool:
    """A number with its unit, such as 75 t/h, and nothing else."""
    (number, _is_cjk), *following = list(text.runs(words)) or [("", False)]
    measured = _measure(number, following) if number.isdigit() else None
    return measured is not None and all(run in text.UNITS or run in _UNITS_IN_CHINESE for run, _is_cjk in measured[1])


def is_numbered_name(words: str) -> bool:
    """A name and its number, such as Wi-Fi 6, and nothing else."""
    return len(words.split()) == 2 and _numbered(synonyms.plain(words)) is not None


def _measure(number: str, following: list[Run]) -> tuple[Need, list[Run]] | None:
    """A number with the unit that follows it, written in letters or in Chinese, and what comes after."""
    if not following:
        return None
    (run, is_cjk), *rest = following
    if not is_cjk:
        return (_either(f"{number} {run}", number + text.UNITS[run]), rest) if run in text.UNITS else None
    for name, unit in _UNIT_NAMES:
        if run.startswith(name):
            after = run.removeprefix(name)
            return _either(number + name, f"{number} {unit}"), [(after, True), *rest] if after else rest
    return None


def _either(*writings: str) -> Need:
    units = (side_by_side(writing) for writing in writings)
    return Need(tuple((unit,) for unit in units if unit))


def _letters(words: tuple[str, ...]) -> Need:
    """These words side by side, the last of them perhaps not typed to its end; or parted otherwise: COVID-19 and COVID19."""
    units = [Unit(words)]
    if len(words[-1]) >= _SHORTEST_PREFIX:
        units.append(Unit(words, is_prefix=True))
    apart = tuple(_PARTS.findall(words[0])) if len(words) == 1 else words
    together = "".join(words)
    if len(apart) > 1 and len(together) <= text.LONGEST_NAME and _PARTS.sub("", together) == "":
        units.append(Unit(apart if len(words) == 1 else (together,)))
    return Need(tuple((unit,) for unit in units))


def _all(needs: list[Need]) -> tuple[Unit, ...]:
    """All of them as they were typed."""
    return tuple(unit for need in needs for unit in need.alternatives[0])
