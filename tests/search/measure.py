"""How quick is the embedded engine? python -m tests.search.measure [ENTRIES]

Entries are made of the sample's titles and sentences, put together anew; every run makes the same ones, in a database of its own.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

SAMPLE = Path(__file__).resolve().parents[2] / "sample"
QUERIES = (
    "循环流化床",
    "煤",
    "瓦斯 利用",
    "“低热值煤”",
    "煤矸石 综合利用",
    "锅炉",
    "控制系统优化",
    "石墨烯 -电池",
    "小米深加工技术装备",
    "不存在的词语组合",
)
ROUNDS = 5


def main(entries: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"MARKET_VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "market.settings.embedded", "DATABASE_URL": ""}
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", "search", verbosity=0)
        _measure(entries, Path(folder) / "market.sqlite3")


def _measure(entries: int, database: Path) -> None:
    from search.engines.embedded import Embedded
    from search.parse import parse

    engine = Embedded()
    started = time.perf_counter()
    engine.rebuild(_documents(entries), catch_up=lambda: None)
    built = time.perf_counter() - started
    print(f"{entries} entries: built in {built:.1f} s, {entries / built:.0f} a second, {database.stat().st_size / 1e6:.0f} MB")
    times: list[float] = []
    for typed in QUERIES:
        own = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            results = engine.search(parse(typed))
            own.append((time.perf_counter() - started) * 1000)
        times += own
        print(
            f"  {statistics.median(own):8.1f} ms  {results.total:7} found  {typed}{'  (relaxed)' if results.is_relaxed else ''}"
        )
    times.sort()
    print(
        f"  all: median {statistics.median(times):.1f} ms, 95 % below {times[int(len(times) * 0.95)]:.1f} ms, with facets and total"
    )


def _documents(entries: int) -> Iterator[object]:
    from listings.kinds import Industry, Maturity
    from search.documents import Document
    from search.text import tokens

    rows = json.loads((SAMPLE / "achievements.json").read_text(encoding="utf-8"))
    halves = [half for row in rows for half in (row["title"][: len(row["title"]) // 2], row["title"][len(row["title"]) // 2 :])]
    sentences = [sentence for row in rows for sentence in row["abstract"].split("。") if sentence]
    words = [word for row in rows for word in row["keywords"]]
    chance = random.Random(7)
    for pk in range(1, entries + 1):
        yield Document(
            kind="listing",
            pk=pk,
            title=" ".join(tokens("".join(chance.sample(halves, 2)))),
            keywords=" ".join(token for word in chance.sample(words, 4) for token in tokens(word)),
            names=f"l2026 {pk:05d} ",
            body=" ".join(tokens("。".join(chance.sample(sentences, 4)))),
            industry=chance.choice(Industry.values),
            maturity=chance.choice(Maturity.values),
            state=chance.choice(("on_notice", "concluded", "lapsed")),
            is_running=chance.random() < 0.5,
            published=1_700_000_000 + chance.randrange(60_000_000),
            price=chance.randrange(1_000_000, 1_000_000_000),
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
