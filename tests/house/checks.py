"""The rules of the house as functions: each takes one module and yields what is wrong in it, with the line."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from tests.house.source import EDGES, Module, dotted, functions, imports

type Check = Callable[[Module], Iterator[str]]

LONGEST_MODULE = 400
LONGEST_FUNCTION = 40
VAGUE_NAMES = frozenset({"utils", "helpers", "common", "misc", "base", "manager", "managers", "service", "services"})
ALLOWED_NAMES = frozenset({"market/settings/base.py"})
_WRITERS = frozenset(
    {
        "save", "asave", "create", "acreate", "update", "aupdate", "delete", "adelete", "get_or_create", "update_or_create",
        "bulk_create", "bulk_update", "add", "remove", "set", "clear", "select_for_update",
    }
)  # fmt: skip
# Words that write on a row or a manager, but are ordinary methods of sets, dictionaries and forms elsewhere.
_AMBIGUOUS = frozenset({"update", "add", "remove", "set", "clear"})
_CLOCKS = frozenset(
    {"timezone.now", "timezone.localdate", "timezone.localtime", "datetime.now", "datetime.utcnow", "datetime.today",
     "date.today", "time.time", "datetime.datetime.now", "datetime.date.today"}
)  # fmt: skip
# The demonstration's builders stand outside the rooms: they tell their own story of the last weeks.
_READING_THE_CLOCK = EDGES | {"management", "site", "build"}
_SOURCE = re.compile(r"Source: (?:the market's own\.|.+\((?:high|medium|low)\))", re.DOTALL)
_HOOKS = frozenset({"save", "delete", "clean", "full_clean", "save_base"})


def edges_write_nothing(module: Module) -> Iterator[str]:
    """Views, consumers, tasks, forms and tags call actions; they never write themselves."""
    if module.room not in EDGES:
        return
    for node in ast.walk(module.tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _WRITERS):
            continue
        chain = dotted(node.func)
        if node.func.attr in _AMBIGUOUS and not re.search(r"(objects|_set|all|filter|exclude|get_queryset)\.", f"{chain}."):
            continue
        yield f"{module.path}:{node.lineno} an edge writes: {chain}"


def state_is_written_in_one_place(module: Module) -> Iterator[str]:
    """`.state = …` stands in one private function per model among the actions, or in `set_…_state` where several share it."""
    if module.app == "market.values":
        return
    places: dict[str, set[str]] = defaultdict(set)
    for model, function, line in states_written(module):
        if module.room != "actions" or not re.fullmatch(r"_\w+|set_\w+_state", function):
            yield f"{module.path}:{line} `.state =` in {function}, not in one private function of the actions"
        places[model].add(function)
    for model, names in places.items():
        if len(names) > 1:
            yield f"{module.path} the state of {model} is written in {', '.join(sorted(names))}"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and _goes_past_the_machine(node):
            yield f"{module.path}:{node.lineno} the state is written past the machine: {dotted(node.func)}"


def states_written(module: Module) -> Iterator[tuple[str, str, int]]:
    """Each writing of a state in this module: the model, the function and the line."""
    for function in functions(module.tree):
        for target in _assigned(function):
            if isinstance(target, ast.Attribute) and target.attr == "state":
                yield _annotation(function, dotted(target.value)), function.name, target.lineno


def _goes_past_the_machine(call: ast.Call) -> bool:
    name = dotted(call.func)
    if name == "setattr":
        return _is_text(call.args[1:2], "state")
    return name.endswith(".update") and any(keyword.arg == "state" for keyword in call.keywords)


def _assigned(function: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                yield from target.elts if isinstance(target, ast.Tuple) else [target]
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            yield node.target


def _annotation(function: ast.FunctionDef | ast.AsyncFunctionDef, name: str) -> str:
    """The model of this variable: its own annotation as an argument, or that of the first argument, from which it was fetched."""
    annotated = {
        each.arg: ast.unparse(each.annotation) for each in (*function.args.args, *function.args.kwonlyargs) if each.annotation
    }
    return annotated.get(name) or next(iter(annotated.values()), name)


def _is_text(nodes: Iterable[ast.expr], text: str) -> bool:
    return any(isinstance(node, ast.Constant) and node.value == text for node in nodes)


def only_edges_read_the_clock(module: Module) -> Iterator[str]:
    """Rules, actions and queries take the time as an argument."""
    # A page of Wagtail is its own view.
    if module.room in _READING_THE_CLOCK or (module.app, module.room) == ("market.portal", "models"):
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and dotted(node) in _CLOCKS:
            yield f"{module.path}:{node.lineno} reads the clock: {dotted(node)}"
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.timezone":
            for alias in node.names:
                if alias.name in {"now", "localdate", "localtime"}:
                    yield f"{module.path}:{node.lineno} reads the clock: {alias.name}"
        if isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}:
            yield f"{module.path}:{node.lineno} a column reads the clock: {node.arg}"


def rules_know_no_django(module: Module) -> Iterator[str]:
    """Rules and plain values import no framework and no model."""
    if module.room != "rules" and module.app != "market.values":
        return
    for line, name in imports(module.tree):
        if name.split(".")[0] in {"django", "wagtail"} or ".models" in name or ".actions" in name:
            yield f"{module.path}:{line} a rule imports {name}"


def models_do_not_act(module: Module) -> Iterator[str]:
    """No model overrides saving or deleting, unless to forbid it; no signal is received anywhere."""
    for node in ast.walk(module.tree):
        if module.room == "models" and isinstance(node, ast.ClassDef):
            for entry in node.body:
                if isinstance(entry, ast.FunctionDef) and entry.name in _HOOKS and not _refuses(entry):
                    yield f"{module.path}:{entry.lineno} {node.name} overrides {entry.name}()"
    for line, name in imports(module.tree):
        if name.startswith(("django.db.models.signals", "django.dispatch", "django.core.signals")):
            yield f"{module.path}:{line} a signal is listened to: {name}"


def _refuses(function: ast.FunctionDef) -> bool:
    """True when all it does is to raise: a guard that forbids, not an act."""
    body = [each for each in function.body if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))]
    return len(body) == 1 and isinstance(body[0], ast.Raise)


def modules_are_short(module: Module) -> Iterator[str]:
    lines = len(module.text.splitlines())
    if lines > LONGEST_MODULE:
        yield f"{module.path} has {lines} lines: make it a package by subject"


def functions_are_short(module: Module) -> Iterator[str]:
    for function in functions(module.tree):
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        if lines > LONGEST_FUNCTION:
            yield f"{module.path}:{function.lineno} {function.name} has {lines} lines"


def names_say_something(module: Module) -> Iterator[str]:
    if module.path not in ALLOWED_NAMES and VAGUE_NAMES.intersection(module.parts):
        yield f"{module.path} is a name that says nothing"


def public_duties_are_described(module: Module) -> Iterator[str]:
    """What rules, actions, queries and permissions offer says what is true afterwards; every module says what it answers.

    An app's name and its addresses say enough by themselves.
    """
    if module.text.strip() and module.parts[-1] not in {"apps", "urls", "__init__"} and not ast.get_docstring(module.tree):
        yield f"{module.path} does not say what it answers"
    if module.room not in {"rules", "actions", "queries", "permissions"}:
        return
    for node in module.tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node):
            yield f"{module.path}:{node.lineno} {node.name} has no docstring"


def rules_name_their_source(module: Module) -> Iterator[str]:
    """Each rule that is offered says what it rests on and how sure that is, or that the market made it itself."""
    if module.room != "rules":
        return
    for node in module.tree.body:
        is_offered = isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if is_offered and not _SOURCE.search(ast.get_docstring(node) or ""):
            yield f"{module.path}:{node.lineno} {node.name}: no `Source: … (high|medium|low).` or `Source: the market's own.`"


def inner_trades_are_not_known(module: Module) -> Iterator[str]:
    """`listings` does not know its auctions and demands, nor `contracts` its relief: they hear of each other by events."""
    for app, inner in (("listings", "auctions"), ("listings", "demands"), ("contracts", "relief"), ("contracts", "settlement")):
        if module.parts[:2] == (app, inner) or module.parts[0] != app:
            continue
        for line, name in imports(module.tree):
            if name == f"{app}.{inner}" or name.startswith(f"{app}.{inner}."):
                yield f"{module.path}:{line} {app} imports {name}"


def money_is_never_a_float(module: Module) -> Iterator[str]:
    """Where money is counted there is no float: not by name, not as a figure, not by a division of figures."""
    if module.room not in {"rules", "actions"} and module.app != "market.payments" and module.path != "market/values/money.py":
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and dotted(node.func) == "float":
            yield f"{module.path}:{node.lineno} float(…)"
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield f"{module.path}:{node.lineno} the figure {node.value} is a float"


def migrations_know_no_app(module: Module) -> Iterator[str]:
    """A migration stands by itself: it imports neither models nor rules, which will have changed when it runs again."""
    for line, name in imports(module.tree):
        if name.split(".")[0] in {"market", "listings", "contracts", "brokers", "search"}:
            yield f"{module.path}:{line} a migration imports {name}"


CHECKS: tuple[Check, ...] = (
    edges_write_nothing,
    state_is_written_in_one_place,
    only_edges_read_the_clock,
    rules_know_no_django,
    models_do_not_act,
    modules_are_short,
    functions_are_short,
    names_say_something,
    public_duties_are_described,
    rules_name_their_source,
    inner_trades_are_not_known,
    money_is_never_a_float,
)
