"""What docker-compose.yml gives the market's processes is what the production settings ask for."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FILLED_IN = {
    "SECRET_KEY": "abcdefghij0123456789-_" * 3,
    "POSTGRES_PASSWORD": "0123456789abcdef",
    "BANK_ACCOUNT_HOLDER": "某市技术交易市场",
    "BANK_ACCOUNT_BANK": "某银行",
    "BANK_ACCOUNT_NUMBER": "6200000000000000018",
    "DATA_KEYS": "0123456789-abcdefghij-0123456789",
}


def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8")))


def example() -> dict[str, str]:
    """The example file as an operator would fill it in."""
    lines = (ROOT / "deploy/production.env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#")) | FILLED_IN


def environment_of(service: str) -> dict[str, str]:
    """As compose would build it: the file first, then the service's own lines, with ${NAME:?…} filled in."""
    filled = example()
    own = compose()["services"][service]["environment"]
    return filled | {name: re.sub(r"\$\{(\w+)[^}]*\}", lambda found: filled[found[1]], str(text)) for name, text in own.items()}


def start(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(command, env=kept | environment, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_deployment_check_is_clean_with_the_example_filled_in() -> None:
    result = start(environment_of("web"))
    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout


def test_the_example_as_it_is_does_not_start_and_says_what_to_set() -> None:
    result = start(environment_of("web") | {"SECRET_KEY": ""})
    assert result.returncode != 0
    assert "SECRET_KEY" in result.stderr


@pytest.mark.parametrize("service", ["prepare", "web", "worker"])
def test_every_process_of_the_market_has_the_same_environment(service: str) -> None:
    assert environment_of(service) == environment_of("web")
    assert compose()["services"][service]["env_file"] == "deploy/production.env"


@pytest.mark.parametrize("folder", ["deploy", "deploy/elasticsearch"])
def test_every_image_that_is_built_has_its_file(folder: str) -> None:
    text = (ROOT / folder / "Dockerfile").read_text(encoding="utf-8")
    for copied in re.findall(r"^COPY (.+) \S+$", text, re.MULTILINE):
        for name in copied.split():
            assert (ROOT / name).exists(), name
