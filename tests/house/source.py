"""Which modules and templates is the house built of? Read from the working tree, parsed once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TREES = ("market", "listings", "contracts", "brokers", "search")
EDGES = frozenset(
    {
        "views",
        "api",
        "consumers",
        "tasks",
        "admin",
        "forms",
        "templatetags",
        "fields",
        "context",
        "middleware",
        "choosers",
        "freshness",
    }
)
ROOMS = frozenset(
    {"states", "rules", "events", "models", "permissions", "queries", "actions", "forms", "urls", "management"} | EDGES
)


@dataclass(frozen=True)
class Module:
    """One file of the house: where it stands from the root, and what it says."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return _parsed(self.text)

    @property
    def parts(self) -> tuple[str, ...]:
        return Path(self.path).with_suffix("").parts

    @property
    def room(self) -> str:
        """The room it belongs to, or its own name where it stands outside the rooms."""
        return next((part for part in self.parts[1:] if part in ROOMS), self.parts[-1])

    @property
    def app(self) -> str:
        """The app it belongs to: `listings`, `market.policy`."""
        return ".".join(self.parts[:2]) if self.parts[0] == "market" else self.parts[0]


@cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the apps; migrations apart."""
    return tuple(
        Module(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
        for tree in TREES
        for path in sorted((ROOT / tree).rglob("*.py"))
        if "migrations" not in path.parts
    )


@cache
def migrations() -> tuple[Module, ...]:
    return tuple(
        Module(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
        for tree in TREES
        for path in sorted((ROOT / tree).rglob("migrations/[0-9]*.py"))
    )


@cache
def templates() -> tuple[Module, ...]:
    """Every template; a template's `tree` is never asked for."""
    return tuple(
        Module(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
        for path in sorted((ROOT / "templates").rglob("*"))
        if path.is_file()
    )


@cache
def static_files() -> tuple[Module, ...]:
    """The stylesheets and scripts that are the house's own."""
    return tuple(
        Module(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
        for pattern in ("css/**/*.css", "js/**/*.js", "icons/*.svg")
        for path in sorted((ROOT / "static").glob(pattern))
    )


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def dotted(node: ast.AST) -> str:
    """`a.b.c` for attributes of names; calls in between are left out: `Listing.objects.filter().update` of a chain."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return dotted(node.func)
    if isinstance(node, ast.Subscript):
        return dotted(node.value)
    return "?"


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield node.lineno, f"{node.module or '.'}.{alias.name}"
