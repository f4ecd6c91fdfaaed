"""Does the search index say what the market says, and was the visitor told the truth? Checks a dump of both and notes of a run.

python -m tests.faults.search_verifier DUMP.json NOTES.jsonl…

Shares no code with the market: the rules stand here a second time. The dump is that of `tests.faults.search_dump`: the rows of
listings and demands by plain SQL, and everything in the index by plain HTTP. Notes are lines of what was done and answered:
`{"edit": "published" | "withdrawn", "entry": "listing:7", "word": "…", "at": seconds}`, `{"failed": what, "why": …}`, and
`{"asked": word, "began": seconds, "status": 200, "found": [entry, …], "known": entry or null}`.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

type Row = dict[str, Any]

# In these states an entry may be found.
_PUBLIC = {
    "listing": {"on_notice", "suspended", "bidding", "concluded", "lapsed"},
    "demand": {"open"},
}
# How long after it was withdrawn an entry may still be shown, in seconds.
_GRACE = 3.0


def flaws(dump: Row, notes: Sequence[Row]) -> list[str]:
    """Everything that is wrong, each in a sentence; nothing when all holds."""
    return [*drift(dump), *_indexes(dump), *_answers(notes), *_edits(dump, notes)]


def drift(dump: Row) -> list[str]:
    """Where the rows and the index disagree, in either direction."""
    public = {f"{row['kind']}:{row['id']}": row for row in dump["rows"] if row["state"] in _PUBLIC[row["kind"]]}
    held = Counter(f"{entry['kind']}:{entry['pk']}" for entry in dump["index"])
    found = [f"twice: {name} stands in the index {number} times" for name, number in held.items() if number > 1]
    found += [f"missing: {name} is public and not in the index" for name in public if name not in held]
    found += [f"left over: {name} is in the index and not public" for name in held if name not in public]
    for entry in dump["index"]:
        row = public.get(f"{entry['kind']}:{entry['pk']}")
        if row is not None and (entry["price"], entry["state"] or "open") != (row["price"], row["state"]):
            found.append(f"stale: {entry['kind']}:{entry['pk']} has another price or state in the index")
    return found


def _indexes(dump: Row) -> Iterator[str]:
    """One index behind the alias, and none beside it."""
    if len(dump["behind"]) != 1:
        yield f"alias: it leads to {len(dump['behind'])} indexes"
    for name in sorted(set(dump["indexes"]) - set(dump["behind"])):
        yield f"leftover: the index {name} is in use no longer and still there"


def _answers(notes: Sequence[Row]) -> Iterator[str]:
    """Every question is answered, what is known to be there is there, and nothing is shown that was withdrawn before."""
    withdrawn = {note["entry"]: note["at"] for note in notes if note.get("edit") == "withdrawn"}
    for note in notes:
        if "failed" in note:
            yield f"failed: {note['failed']}: {note['why']}"
        if "asked" not in note:
            continue
        if note["status"] != 200:
            yield f"answer: {note['asked']} was answered with {note['status']}"
            continue
        if note["known"] and note["known"] not in note["found"]:
            yield f"lost: {note['known']} was not found by {note['asked']}"
        for entry in note["found"]:
            if entry in withdrawn and note["began"] > withdrawn[entry] + note.get("grace", _GRACE):
                yield f"leak: {entry} was shown after it was withdrawn"


def _edits(dump: Row, notes: Sequence[Row]) -> Iterator[str]:
    """What was answered as done stands in the rows, and what was published and not withdrawn again is in the index."""
    states = {f"{row['kind']}:{row['id']}": row["state"] for row in dump["rows"]}
    held = {f"{entry['kind']}:{entry['pk']}" for entry in dump["index"]}
    gone = {note["entry"] for note in notes if note.get("edit") == "withdrawn"}
    for note in notes:
        if note.get("edit") == "published" and note["entry"] not in gone and note["entry"] not in held:
            yield f"edit: {note['entry']} was published and is not in the index"
        if note.get("edit") == "withdrawn" and states.get(note["entry"]) not in {"withdrawn", "closed"}:
            yield f"edit: {note['entry']} was withdrawn and its row says otherwise"


def main(arguments: Sequence[str]) -> int:
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    dump = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    lines = [line for name in arguments[1:] for line in Path(name).read_text(encoding="utf-8").splitlines()]
    found = flaws(dump, [json.loads(line) for line in lines])
    print("\n".join(found) or f"{len(dump['index'])} entries, all as the market has them.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
