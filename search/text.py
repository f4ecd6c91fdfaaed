"""How is text cut into what both engines look for? Folding, bigrams and words; made here, so that every engine holds the same.

Chinese has no spaces: a run of characters becomes overlapping pairs, and its last character once more alone. So each
character begins exactly one token, which is how a query of one character is answered: by the tokens that begin with it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# Whatever changes the tokens of a text changes this number: indexes made before are then known to be stale.
VERSION = 1

_CJK = "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(f"(?P<cjk>[{_CJK}]+)|(?P<word>[^\\W_{_CJK}]+)")
_LONGEST_TOKEN = 64


def fold(text: str) -> str:
    """Full-width letters and digits as plain ones, compatibility forms resolved, no capitals."""
    return unicodedata.normalize("NFKC", text).casefold()


def runs(text: str) -> Iterator[tuple[str, bool]]:
    """The unbroken stretches of the folded text, each with whether it is Chinese."""
    for match in _RUN.finditer(fold(text)):
        yield match.group()[:_LONGEST_TOKEN] if match["word"] else match.group(), match["cjk"] is not None


def pairs(run: str) -> list[str]:
    """The overlapping pairs of a run; a run of one character as it is."""
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def tokens(text: str) -> list[str]:
    """What stands in an index for this text, in order."""
    found: list[str] = []
    for run, is_cjk in runs(text):
        if not is_cjk or len(run) == 1:
            found.append(run)
        else:
            found += [*pairs(run), run[-1]]
    return found
