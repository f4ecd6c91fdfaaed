"""Are the interface's words there in every language? Compiling the catalogues, and finding what has no translation."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

_APPS = ("market", "listings", "contracts", "brokers", "search")
_FUNCTIONS = {
    "gettext": (0, None),
    "gettext_lazy": (0, None),
    "gettext_noop": (0, None),
    "_": (0, None),
    "ngettext": (0, None),
    "ngettext_lazy": (0, None),
    "pgettext": (1, 0),
    "pgettext_lazy": (1, 0),
    "npgettext": (1, 0),
    "npgettext_lazy": (1, 0),
}
# What `templatize` makes of a template's tags; the rest of its output is not Python.
_TEMPLATE_CALL = re.compile(r"\s(?P<name>p?n?gettext)\((?P<arguments>(?:u?'(?:[^'\\]|\\.)*'|u?\"(?:[^\"\\]|\\.)*\"|[^()'\"])*)\)")

type Message = tuple[str | None, str]


def catalogue_paths() -> list[Path]:
    return sorted((settings.BASE_DIR / "locale").glob("*/LC_MESSAGES/django.po"))


def compile_catalogues() -> list[Path]:
    """Writes django.mo beside each django.po that is newer, without gettext's programs; gives those written."""
    written = []
    for path in catalogue_paths():
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
            continue
        with path.open("rb") as source:
            catalogue = read_po(source, abort_invalid=True)
        partial = target.with_suffix(".mo.partial")
        with partial.open("wb") as output:
            write_mo(output, catalogue)
        partial.replace(target)
        written.append(target)
    return written


def messages_in_code() -> dict[Message, list[str]]:
    """Every message the code and the templates ask for, as (context, text), with the files that do."""
    found: dict[Message, list[str]] = {}
    for path in _sources():
        extract = _template_messages if path.suffix in {".html", ".txt"} else _python_messages
        for message in extract(path.read_text(encoding="utf-8")):
            found.setdefault(message, []).append(str(path.relative_to(settings.BASE_DIR)))
    return found


def _sources() -> Iterator[Path]:
    base = Path(settings.BASE_DIR)
    for app in _APPS:
        for path in sorted((base / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path
    for pattern in ("*.html", "*.txt"):
        yield from sorted((base / "templates").rglob(pattern))


def _python_messages(text: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        function = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if function not in _FUNCTIONS:
            continue
        index, context_index = _FUNCTIONS[function]
        message = _constant(node.args, index)
        if message:
            yield (None if context_index is None else _constant(node.args, context_index)), message


def _constant(arguments: list[ast.expr], index: int) -> str | None:
    value = arguments[index] if index < len(arguments) else None
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None


def _template_messages(text: str) -> Iterator[Message]:
    for match in _TEMPLATE_CALL.finditer(" " + templatize(text)):
        arguments = [
            node.value
            for node in ast.parse(f"f({match['arguments']})", mode="eval").body.args  # type: ignore[attr-defined]
            if isinstance(node, ast.Constant)
        ]
        if match["name"].startswith("p"):
            yield str(arguments[0]), str(arguments[1])
        else:
            yield None, str(arguments[0])


def untranslated() -> dict[str, list[Message]]:
    """For each language but English (whose words the code itself has): the messages without a translation."""
    wanted = messages_in_code()
    missing: dict[str, list[Message]] = {}
    for path in catalogue_paths():
        with path.open("rb") as source:
            catalogue = read_po(source)
        gaps = []
        for context, text in wanted:
            entry = catalogue.get(text, context)
            if entry is None or not entry.string or entry.fuzzy or (isinstance(entry.string, tuple) and not all(entry.string)):
                gaps.append((context, text))
        if gaps:
            missing[path.parts[-3]] = gaps
    return missing
