"""Queries with graded judgements, over the sample and over a generated corpus; and how well an engine does by them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from search.documents import Document, industry_names
from search.engines import Engine
from search.parse import parse
from tests.relevance.corpus import Made, corpus
from tests.search.indexes import a_document

_HERE = Path(__file__).parent
_SAMPLE = _HERE.parents[1] / "sample"
_DEPTH = 10
# The keys of the sample's demands begin after these.
_DEMANDS = 1000


@dataclass(frozen=True, slots=True)
class Judged:
    """What was typed, and how much each entry is worth for it, 1 to 3; entries that are not named are worth nothing."""

    typed: str
    grades: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Collection:
    """Entries, and queries over them."""

    name: str
    documents: Sequence[Document]
    queries: Sequence[Judged]


@dataclass(frozen=True, slots=True)
class Scores:
    """nDCG over the first ten, mean reciprocal rank of the first entry worth 2 or more, share of queries that find nothing."""

    ndcg: float
    mrr: float
    zero_hits: float
    # Of each query, worst first.
    each: Sequence[tuple[float, str]]


def collections() -> tuple[Collection, Collection]:
    made = list(corpus())
    return (
        Collection("sample", list(_sample()), [_by_hand(line) for line in _lines("sample_queries.txt")]),
        Collection("generated", [_entry(one) for one in made], [_by_concepts(line, made) for line in _lines("made_queries.txt")]),
    )


def scores(engine: Engine, asked: Sequence[Collection]) -> Scores:
    """The engine is filled with each collection in turn, and asked all of its queries."""
    each: list[tuple[float, str]] = []
    ranks: list[float] = []
    nothing = 0
    for collection in asked:
        engine.rebuild(iter(collection.documents), catch_up=lambda: None)
        engine.settle()
        for judged in collection.queries:
            keys = [key.pk for key in engine.search(parse(judged.typed)).keys]
            each.append((ndcg(keys, judged.grades), judged.typed))
            ranks.append(next((1 / rank for rank, pk in enumerate(keys, 1) if judged.grades.get(pk, 0) > 1), 0.0))
            nothing += not keys
    each.sort()
    return Scores(sum(value for value, _typed in each) / len(each), sum(ranks) / len(ranks), nothing / len(each), each)


def ndcg(keys: Sequence[int], grades: Mapping[int, int]) -> float:
    """How near the first ten are to the best order there could be; 1 is the best."""
    best = _gain(sorted(grades.values(), reverse=True))
    return _gain([grades.get(pk, 0) for pk in keys]) / best if best else 1.0


def _gain(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades[:_DEPTH], 1))


def _lines(name: str) -> Iterator[tuple[str, list[str]]]:
    for line in (_HERE / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            typed, _, judgement = line.rpartition("|")
            yield typed.strip(), judgement.split()


def _by_hand(line: tuple[str, list[str]]) -> Judged:
    grades = {}
    for part in line[1]:
        name, grade = part.split("=")
        grades[int(name[1:]) + (_DEMANDS if name[0] == "D" else 0)] = int(grade)
    return Judged(line[0], grades)


def _by_concepts(line: tuple[str, list[str]], made: Sequence[Made]) -> Judged:
    typed, meant = line
    found = ((one.pk, grade(meant, one)) for one in made)
    return Judged(typed, {pk: value for pk, value in found if value})


def grade(meant: Sequence[str], one: Made) -> int:
    """What this entry is worth to somebody who means these concepts, the most important first."""
    main, all_told = set(meant) & one.main, set(meant) & (one.main | one.aside)
    if len(main) == len(meant):
        return 3
    if len(meant) > 1 and (len(all_told) == len(meant) or (meant[0] in main and len(main) == len(meant) - 1 > 1)):
        return 2
    return 1 if all_told else 0


def _entry(one: Made) -> Document:
    words = " ".join([*one.keywords, *industry_names(one.industry)])
    return a_document(one.pk, one.title, one.abstract, keywords=words, industry=one.industry)


def _sample() -> Iterator[Document]:
    for number, row in enumerate(json.loads((_SAMPLE / "achievements.json").read_text(encoding="utf-8")), 1):
        words = [*row["keywords"], *(patent["title"] for patent in row["patents"]), *industry_names(row["industry"])]
        names = " ".join(f"{patent['number']} {patent['ipc']}" for patent in row["patents"])
        yield a_document(number, row["title"], row["abstract"], keywords=" ".join(words), names=names, industry=row["industry"])
    for number, row in enumerate(json.loads((_SAMPLE / "demands.json").read_text(encoding="utf-8")), 1):
        text = "\n".join([row["problem"], row["targets"], row["expected"]])
        words = [*row["keywords"], *industry_names(row["industry"])]
        yield a_document(
            _DEMANDS + number, row["title"], text, keywords=" ".join(words), kind="demand", industry=row["industry"], state=""
        )
