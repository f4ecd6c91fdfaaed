"""Which addresses does the site answer? Read from the URL resolver, so that none can be forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern, RegexPattern, RoutePattern
from django.utils.regex_helper import normalize

_CONVERTER = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
# What stands in an address whose object does not exist.
ABSENT: Mapping[str, str] = {"int": "987654", "slug": "absent-object", "str": "absent", "regex": "987654"}


@dataclass(frozen=True, slots=True)
class Route:
    """One address with holes: its pattern as shown in `access.yaml`, and how to fill it."""

    pattern: str
    name: str
    template: str
    kinds: tuple[tuple[str, str], ...]
    is_translated: bool

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(name for name, _kind in self.kinds)

    def path(self, values: Mapping[str, object] | None = None, *, language: str = "") -> str:
        """The address with these values; where one is missing, that of an object which does not exist."""
        filled = {name: ABSENT[kind] for name, kind in self.kinds} | {k: str(v) for k, v in (values or {}).items()}
        prefix = f"/{language}/" if language and self.is_translated else "/"
        return prefix + self.template % filled


def routes() -> list[Route]:
    """Every route, once per pattern: of two with the same pattern the first answers."""
    found: dict[str, Route] = {}
    for route in _walk(get_resolver(), Route("", "", "", (), False)):
        found.setdefault(route.pattern, route)
    return list(found.values())


def _walk(resolver: URLResolver, above: Route) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        here = _below(above, entry)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, here)
        else:
            yield here


def _below(above: Route, entry: URLPattern | URLResolver) -> Route:
    pattern = entry.pattern
    name = above.name
    if isinstance(entry, URLResolver):
        name += f"{entry.namespace}:" if entry.namespace else ""
    else:
        name += str(entry.name or "")
    if isinstance(pattern, LocalePrefixPattern):
        return Route(above.pattern, name, above.template, above.kinds, True)
    if isinstance(pattern, RoutePattern):
        text = str(pattern)
        kinds = tuple((match["name"], match["kind"] or "str") for match in _CONVERTER.finditer(text))
        template = _CONVERTER.sub(lambda match: f"%({match['name']})s", text)
    else:
        assert isinstance(pattern, RegexPattern)
        text = str(pattern)
        template, names = normalize(pattern.regex.pattern)[0]
        kinds = tuple((each, "regex") for each in names)
    return Route(above.pattern + text, name, above.template + template, above.kinds + kinds, above.is_translated)
