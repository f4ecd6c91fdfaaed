"""The rules for templates, stylesheets and scripts: nothing inline, nobody else's host, every template that is named exists."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.house.source import ROOT, Module, templates

# Mail is read outside the site's policy, and the certificate is made into a PDF on the server.
_WITH_STYLES = ("templates/emails/", "templates/contracts/certificate_pdf.html")
_COMMENT = re.compile(r"{#.*?#}|{% comment.*?{% endcomment %}|<!--.*?-->|/\*.*?\*/", re.DOTALL)
_INLINE = {
    "an inline style": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*type=[\"']application/(?:ld\+)?json)", re.IGNORECASE),
    "a javascript address": re.compile(r"javascript:", re.IGNORECASE),
}
_HOST = re.compile(r"(?:https?:)?//[a-z0-9][\w.-]*\.[a-z]{2,}[^\s\"')<]*", re.IGNORECASE)
# Names of vocabularies, which nobody fetches.
_VOCABULARIES = ("http://www.w3.org/", "https://schema.org", "http://schema.org")
_NAMED_IN_TEMPLATE = re.compile(r"{%\s*(?:include|extends)\s+[\"']([^\"']+)[\"']")


def nothing_inline(template: Module) -> Iterator[str]:
    """The site's policy forbids styles, scripts and handlers inside a page."""
    if template.path.startswith(_WITH_STYLES):
        return
    text = _without_comments(template.text)
    for name, pattern in _INLINE.items():
        for found in pattern.finditer(text):
            yield f"{template.path}:{text.count(chr(10), 0, found.start()) + 1} {name}: {found[0][:60]}"


def no_other_host(file: Module) -> Iterator[str]:
    """No page, stylesheet or script asks another host for anything."""
    text = _without_comments(file.text)
    for found in _HOST.finditer(text):
        if not found[0].startswith(_VOCABULARIES):
            yield f"{file.path}:{text.count(chr(10), 0, found.start()) + 1} another host: {found[0]}"


def _without_comments(text: str) -> str:
    """The text with comments blanked out, so that the lines keep their numbers."""
    return _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)


def templates_named(module: Module) -> Iterator[tuple[str, str]]:
    """Place and name of each template that this module or template names."""
    if not module.path.endswith(".py"):
        for found in _NAMED_IN_TEMPLATE.finditer(module.text):
            yield module.path, found[1]
        return
    for node in ast.walk(module.tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and re.fullmatch(r"[\w/.-]+\.(html|txt)(#\w+)?", node.value)
        ):
            yield f"{module.path}:{node.lineno}", node.value


def named_templates_exist(module: Module) -> Iterator[str]:
    """Every template that is named can be found."""
    for place, name in templates_named(module):
        if not _found(name.split("#")[0]):
            yield f"{place} names {name}, which does not exist"


def _found(name: str) -> bool:
    if (ROOT / "templates" / name).exists():
        return True
    from django.template import TemplateDoesNotExist
    from django.template.loader import get_template

    try:
        get_template(name)
    except TemplateDoesNotExist:
        return False
    return True


def templates_in_use(modules: tuple[Module, ...]) -> set[str]:
    """The names of all templates that some module or template names, with those that Django, Wagtail and allauth find by name."""
    named = {name.split("#")[0] for module in (*modules, *templates()) for _place, name in templates_named(module)}
    return named | _by_convention()


# Wagtail takes a page's template from its name; the rest is found by Django and allauth.
_BY_CONVENTION = re.compile(
    r"(403|404|500|429|403_csrf)\.html|(allauth|account|mfa|usersessions|django|wagtail\w*|emails)/.*"
    r"|portal/\w+_page\.html"
)


def _by_convention() -> set[str]:
    names = (template.path.removeprefix("templates/") for template in templates())
    return {name for name in names if _BY_CONVENTION.fullmatch(name)}
