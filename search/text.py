"""How is text cut into what both engines look for? Folding, pairs and words; made here, so that every engine holds the same.

Chinese has no spaces: a run of characters becomes overlapping pairs, and its last character once more alone. So each
character begins exactly one token, which is how a query of one character is answered: by the tokens that begin with it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from opencc import OpenCC

# Whatever changes the tokens of a text changes this number: indexes made before are then known to be stale.
VERSION = 3

_CJK = "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(f"(?P<cjk>[{_CJK}]+)|(?P<word>[^\\W_{_CJK}]+)")
_LONGEST_TOKEN = 64
# Letters and digits of one name stand together or apart, as in COVID-19; longer ones are numbers of patents and the like.
LONGEST_NAME = 12
_HYPHENED = re.compile(r"(?<![^\W_])[a-z][a-z\d]*(?:-[a-z\d]+)+(?: \d{1,4}(?![a-z\d.]))?")
# Units of measure as they stand after a number, with what Chinese texts write for them.
UNITS = {
    "gw": "吉瓦", "mw": "兆瓦", "kw": "千瓦", "kwh": "千瓦时", "mwh": "兆瓦时", "kva": "千伏安", "kv": "千伏", "v": "伏",
    "t": "吨", "kg": "千克", "g": "克", "mg": "毫克", "km": "千米", "m": "米", "cm": "厘米", "mm": "毫米", "μm": "微米", "um": "微米",
    "nm": "纳米", "h": "小时", "min": "分钟", "s": "秒", "mpa": "兆帕", "kpa": "千帕", "pa": "帕", "c": "摄氏度", "ml": "毫升",
    "l": "升", "hz": "赫兹", "khz": "千赫", "mhz": "兆赫", "ah": "安时", "mah": "毫安时", "m2": "平方米", "m3": "立方米",
}  # fmt: skip
# A unit written on to its number, and a patent number with the letters before it: cut apart, so that either way of writing is found.
_MEASURE = re.compile(rf"(?P<number>\d+)(?P<unit>{'|'.join(sorted(UNITS, key=len, reverse=True))})")
_PATENT = re.compile(r"(?P<letters>zl|cn)(?P<number>\d{7,}[a-z]?)")
_AMERICAN = re.compile(r"iz(?=e|ing|ation)|(?<=sul)f(?=ur)")


@cache
def _simplified() -> dict[int, str]:
    """Each traditional character with its simplified form, one for one: what is found keeps its place in the text."""
    characters = [chr(code) for block in ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00)) for code in range(*block)]
    folded = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {ord(old): new for old, new in zip(characters, folded, strict=True) if old != new and len(new) == 1}


def fold(text: str) -> str:
    """Full-width letters and digits as plain ones, compatibility forms resolved, traditional characters simplified, no capitals."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_simplified())


def stretches(folded: str) -> Iterator[tuple[str, bool, int, int]]:
    """The unbroken stretches of a folded text as tokens are made of them, whether Chinese, and from where to where they stand."""
    for match in _RUN.finditer(folded):
        begin, stop = match.span()
        if match["cjk"] is not None:
            yield match.group(), True, begin, stop
        elif apart := _MEASURE.fullmatch(match.group()) or _PATENT.fullmatch(match.group()):
            middle = begin + apart.end(1)
            yield apart[1][:_LONGEST_TOKEN], False, begin, middle
            yield apart[2][:_LONGEST_TOKEN], False, middle, stop
        else:
            yield _stem(match.group())[:_LONGEST_TOKEN], False, begin, stop


def runs(text: str) -> Iterator[tuple[str, bool]]:
    """The unbroken stretches of the folded text, each with whether it is Chinese."""
    for run, is_cjk, _begin, _stop in stretches(fold(text)):
        yield run, is_cjk


def pairs(run: str) -> list[str]:
    """The overlapping pairs of a run; a run of one character as it is."""
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def tokens(text: str) -> list[str]:
    """What stands in an index for this text: its parts in order, then once more in one its names that are written with hyphens."""
    return [*parts(text), *(name for hyphened in _HYPHENED.findall(fold(text)) for name in parts(_closed(hyphened)))]


def _closed(name: str) -> str:
    """Wi-Fi 6 as somebody types it who does without the hyphen: wifi 6. A long one is no name."""
    closed = name.replace("-", "")
    return closed if len(closed) <= LONGEST_NAME else ""


def parts(text: str) -> list[str]:
    """Pairs and words in order, nothing twice."""
    found: list[str] = []
    for run, is_cjk in runs(text):
        if not is_cjk or len(run) == 1:
            found.append(run)
        else:
            found += [*pairs(run), run[-1]]
    return found


def _stem(word: str) -> str:
    """One English word for singular and plural, British and American spelling; what is no English word stays as it is."""
    if len(word) < 4 or not (word.isascii() and word.isalpha()):
        return word
    if word.endswith("ies") and not word.endswith(("eies", "aies")) and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith("s") and not word.endswith(("us", "ss", "is")):
        word = word[:-1]
    return (
        _AMERICAN.sub(lambda found: "is" if found[0] == "iz" else "ph", word).replace("fiber", "fibre").replace("vapor", "vapour")
    )
