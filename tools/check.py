"""The quick half of the tests: format, lint, types, import contracts, templates, migrations, translations; side by side."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

MANAGE = [sys.executable, "manage.py"]
CHECKS = {
    "types": ["mypy", "--no-error-summary"],
    "format": ["ruff", "format", "--check", "--quiet", "."],
    "lint": ["ruff", "check", "--quiet", "."],
    "import contracts": ["lint-imports", "--no-cache"],
    "templates": ["djlint", "--lint", "--quiet", "templates"],
    "missing migrations": [*MANAGE, "makemigrations", "--check", "--dry-run", "--verbosity", "0"],
    "translations": [*MANAGE, "check_messages"],
    "system": [*MANAGE, "check", "--fail-level", "WARNING"],
}


def run(name: str) -> bool:
    """Runs one check and says how it went; the output only of one that failed."""
    started = time.monotonic()
    result = subprocess.run(CHECKS[name], capture_output=True, text=True, check=False)
    verdict = "ok" if result.returncode == 0 else "FAILED"
    print(f"{name:20} {verdict:7} {time.monotonic() - started:5.1f} s", flush=True)
    if result.returncode:
        print(result.stdout + result.stderr, flush=True)
    return result.returncode == 0


def main() -> int:
    with ThreadPoolExecutor(max_workers=3) as pool:
        return 0 if all(list(pool.map(run, CHECKS))) else 1


if __name__ == "__main__":
    sys.exit(main())
