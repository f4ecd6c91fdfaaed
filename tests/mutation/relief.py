"""Would the tests notice if the rules of relief were other ones? python -m tests.mutation.relief [PATTERN…]

mutmut changes each function of contracts/relief/rules a little, some three thousand times, and runs the tests that call it: the
worked cases, the rule files, the claims' boundaries. A change that no test notices survives; every survivor must be named in
survivors.toml with the reason why it changes nothing, else it is printed and the command fails. PATTERNs such as "*cit*" choose
modules. Half an hour of processor time; property tests and the second implementation are left out, so the figure is what the worked
cases alone notice.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from pathlib import Path

from tests.bench.report import Figure, say

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
RULES = "contracts/relief/rules"
TESTS = ("test_cases", "test_examples", "test_book", "test_claim_rules", "test_facts")
_COPIED = ("market", "listings", "contracts", "brokers", "search", "tests", "tools", "static", "templates", "locale", "sample")
GOAL = 0.9
# What mutmut says by the exit code of a test run: killed by a failing test or by its time.
_KILLED, _SURVIVED, _NO_TESTS = (1, 3, 24, -24, 152, 255, 36), 0, 33


def main(patterns: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="market-mutation-") as name:
        folder = Path(name)
        _prepare(folder)
        command = ["mutmut", "run", "--max-children", str(os.cpu_count() or 1), *patterns]
        subprocess.run(command, cwd=folder, check=False)
        codes, survivors = _results(folder)
    tried = {code: n for code, n in codes.items() if code is not None}
    killed = sum(n for code, n in tried.items() if code in _KILLED)
    total = sum(tried.values())
    reasons = tomllib.loads((HERE / "survivors.toml").read_text(encoding="utf-8"))["survivor"]
    unnamed = [line for line in survivors if not any(re.search(it["change"], line) for it in reasons)]
    print(
        f"{killed} of {total} changes noticed; {len(survivors)} survive, {len(survivors) - len(unnamed)} of them named with a reason"
    )
    for line in unnamed:
        print(f"  {line}")
    share = round(killed / total, 4)
    say(Figure("changes of the rules of relief that the tests notice", killed, total, share, GOAL, share >= GOAL and not unnamed))
    return int(share < GOAL or bool(unnamed))


def _prepare(folder: Path) -> None:
    for name in _COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "uv.lock", "manage.py"):
        shutil.copy2(ROOT / name, folder / name)
    settings = {
        "source_paths": ["contracts"],
        "only_mutate": [f"{RULES}/*.py"],
        "also_copy": [name for name in _COPIED if name not in ("contracts", "tests")] + ["manage.py"],
        "pytest_add_cli_args_test_selection": [f"tests/relief/{name}.py" for name in TESTS],
        "pytest_add_cli_args": ["-q", "-x", "-p", "no:xdist"],
    }
    lines = "\n".join(f"{name} = {json.dumps(value)}" for name, value in settings.items())
    with (folder / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[tool.mutmut]\n{lines}\n")


def _results(folder: Path) -> tuple[Counter[int | None], list[str]]:
    """How each change ended, and what the survivors changed, a line each."""
    codes: Counter[int | None] = Counter()
    survivors = []
    for path in sorted((folder / "mutants" / RULES).glob("*.meta")):
        ends = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        codes.update(ends.values())
        source = path.with_suffix("").read_text(encoding="utf-8")
        survivors += [_change(key, source) for key, code in ends.items() if code in (_SURVIVED, _NO_TESTS)]
    return codes, survivors


def _change(key: str, source: str) -> str:
    name = key.rpartition(".")[2]
    module = key.removeprefix("contracts.relief.rules.").rpartition(".")[0]
    first = name.rpartition("__mutmut_")[0]
    pair = [_body(f"{first}__mutmut_orig", source), _body(name, source)]
    lines = difflib.unified_diff(*pair, lineterm="", n=0)
    told = [line[0] + " " + line[1:].strip() for line in lines if re.match(r"[-+](?![-+]| *def )", line)]
    return f"{module}.{first.removeprefix('x_')}: {' '.join(told)}"


def _body(name: str, source: str) -> list[str]:
    found = re.search(rf"^( *)def {re.escape(name)}\(.*?(?=^\1[^\s)]|\Z)", source, re.DOTALL | re.MULTILINE)
    return found.group().splitlines() if found else []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
