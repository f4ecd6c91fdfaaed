"""Are the interface's words there in every language? Collecting, compiling and checking the catalogues."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages import Catalog
from babel.messages import Message as Entry
from babel.messages.mofile import write_mo
from babel.messages.pofile import generate_po, read_po
from django.conf import settings
from django.utils.translation import to_locale
from django.utils.translation.reloader import translation_file_changed
from django.utils.translation.template import templatize

_APPS = ("market", "listings", "contracts", "brokers", "search")
# Where among the arguments the text stands, the context, and the plural.
_FUNCTIONS = {
    "gettext": (0, None, None),
    "gettext_lazy": (0, None, None),
    "gettext_noop": (0, None, None),
    "_": (0, None, None),
    "ngettext": (0, None, 1),
    "ngettext_lazy": (0, None, 1),
    "pgettext": (1, 0, None),
    "pgettext_lazy": (1, 0, None),
    "npgettext": (1, 0, 2),
    "npgettext_lazy": (1, 0, 2),
}
# What `templatize` makes of a template's tags; the rest of its output is not Python.
_TEMPLATE_CALL = re.compile(r"\s(?P<name>p?n?gettext)\((?P<arguments>(?:u?'(?:[^'\\]|\\.)*'|u?\"(?:[^\"\\]|\\.)*\"|[^()'\"])*)\)")

_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
_HAN = r"[\u4e00-\u9fff]"
_HALF_WIDTH = re.compile(rf"{_HAN}\s*[,;:!?.](?=\s|$|[{{%]|{_HAN})|\((?={_HAN})|(?<={_HAN})\)")
# Earnest money has its own law, and 居间 has been 中介 since the Civil Code: see the glossary.
# (固定金额 is a fixed sum.)
_FALSE_FRIENDS = re.compile("定金(?!额)|订金|居间")


class Message(NamedTuple):
    context: str | None
    text: str
    plural: str | None = None

    def __str__(self) -> str:
        return f"[{self.context}] {self.text}" if self.context else self.text


def catalogue_paths() -> list[Path]:
    """Where the catalogue of each language stands, or should stand; the English words are those of the code."""
    return [
        settings.BASE_DIR / "locale" / to_locale(code) / "LC_MESSAGES" / "django.po"
        for code, _ in settings.LANGUAGES
        if code != "en"
    ]


def compile_catalogues() -> list[Path]:
    """Writes django.mo beside each django.po that is newer, without gettext's programs; gives those written."""
    written = []
    for path in catalogue_paths():
        target = path.with_suffix(".mo")
        if not path.exists() or (target.exists() and target.stat().st_mtime >= path.stat().st_mtime):
            continue
        # Several processes may start at once: each writes its own, and the last one stays.
        partial = target.with_suffix(f".mo.{os.getpid()}")
        with partial.open("wb") as output:
            write_mo(output, _read(path))
        partial.replace(target)
        # Whoever translated something before this would go on with what was there then.
        translation_file_changed(sender=None, file_path=target)
        written.append(target)
    return written


def collect_messages() -> dict[str, tuple[int, int]]:
    """Every catalogue has exactly the messages of the code, with what was translated; gives, by language, how many came and went."""
    wanted = messages_in_code()
    changes = {}
    for path in catalogue_paths():
        old = _read(path)
        new = Catalog(locale=old.locale)
        kept = 0
        for message, files in wanted.items():
            entry = old.get(message.text, message.context)
            kept += entry is not None
            new.add(
                message.text if message.plural is None else (message.text, message.plural),
                _translation((entry and entry.string) or "", is_plural=message.plural is not None),
                # Without line numbers, so that moving code does not change the catalogue.
                locations=[(file, 0) for file in sorted(set(files))],
                user_comments=entry.user_comments if entry else (),
                context=message.context,
            )
        _write(path, new)
        changes[path.parts[-3]] = (len(wanted) - kept, len(list(old)) - 1 - kept)
    return changes


def _translation(string: str | tuple[str, ...] | list[str], *, is_plural: bool) -> str | tuple[str, ...]:
    if isinstance(string, str):
        return (string,) if is_plural else string
    return tuple(string) if is_plural else string[0]


def _read(path: Path) -> Catalog:
    if not path.exists():
        return Catalog(locale=path.parts[-3])
    with path.open("rb") as source:
        return read_po(source, locale=path.parts[-3], abort_invalid=True)


def _write(path: Path, catalogue: Catalog) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    headers = {
        "Language": path.parts[-3],
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": catalogue.plural_forms,
    }
    # Babel's own header has the time and its version in it, which would change with every call.
    header = 'msgid ""\nmsgstr ""\n' + "".join(f'"{name}: {value}\\n"\n' for name, value in headers.items())
    entries = generate_po(catalogue, omit_header=True, sort_by="message", include_lineno=False, width=0)
    path.write_text(f"{header}\n{''.join(entries).rstrip()}\n", encoding="utf-8")


def messages_in_code() -> dict[Message, list[str]]:
    """Every message the code and the templates ask for, with the files that do."""
    found: dict[tuple[str | None, str], tuple[str | None, list[str]]] = {}
    for path in _sources():
        extract = _template_messages if path.suffix in {".html", ".txt"} else _python_messages
        for context, text, plural in extract(path.read_text(encoding="utf-8")):
            known, files = found.get((context, text), (None, []))
            found[context, text] = (known or plural, [*files, path.relative_to(settings.BASE_DIR).as_posix()])
    return {Message(context, text, plural): files for (context, text), (plural, files) in found.items()}


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
        message, context, plural = (_constant(node.args, index) for index in _FUNCTIONS[function])
        if message:
            yield Message(context, message, plural)


def _constant(arguments: list[ast.expr], index: int | None) -> str | None:
    value = arguments[index] if index is not None and index < len(arguments) else None
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None


def _template_messages(text: str) -> Iterator[Message]:
    for match in _TEMPLATE_CALL.finditer(" " + templatize(text)):
        call = ast.parse(f"{match['name']}({match['arguments']})", mode="eval").body
        assert isinstance(call, ast.Call)
        message, context, plural = (_constant(call.args, index) for index in _FUNCTIONS[match["name"]])
        if message:
            yield Message(context, message, plural)


def faults() -> dict[str, list[str]]:
    """For each language but English: a sentence for each message that is missing or wrong in its catalogue."""
    wanted = messages_in_code()
    found: dict[str, list[str]] = {}
    for path in catalogue_paths():
        catalogue = _read(path)
        found[path.parts[-3]] = [
            f"{message}: {fault}"
            for message in wanted
            for fault in _faults_of(message, catalogue.get(message.text, message.context))
        ]
    return {language: sentences for language, sentences in found.items() if sentences}


def _faults_of(message: Message, entry: Entry | None) -> Iterator[str]:
    string = entry.string if entry and not entry.fuzzy else None
    strings = [string] if isinstance(string, str) else list(string or ())
    if not strings or not all(strings):
        yield "has no translation"
        return
    for string in strings:
        if set(_PLACEHOLDER.findall(string)) != set(_PLACEHOLDER.findall(message.plural or message.text)):
            yield f"the placeholders are others in: {string}"
        if word := _FALSE_FRIENDS.search(string):
            yield f"{word[0]} is another thing in law: {string}"
        if _HALF_WIDTH.search(string):
            yield f"half-width punctuation in Chinese: {string}"
