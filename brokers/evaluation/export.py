"""A year's results as a spreadsheet: one institution a line, every indicator with its value and points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from brokers.evaluation.models import Evaluation, Result
from market.spreadsheets import Row
from market.values.writing import is_chinese


def result_rows(evaluation: Evaluation, results: Iterable[Result]) -> Iterator[Row]:
    """The headings, then the institutions by their places."""
    indicators = evaluation.rules.indicators
    names = [indicator.zh if is_chinese(get_language()) else indicator.en for indicator in indicators.values()]
    points = _("points")
    yield [
        _("Place"),
        _("Institution"),
        _("Points"),
        _("Grade"),
        *(cell for name in names for cell in (name, f"{name} ({points})")),
    ]
    for result in results:
        figures = {figure.indicator: figure for figure in result.figures.all()}
        cells: list[str | Decimal | int] = [str(result.place), result.institution.name, result.points, grade_name(result.grade)]
        for code in indicators:
            figure = figures.get(code)
            cells += [figure.value, figure.points] if figure else ["", ""]
        yield cells


def grade_name(code: str) -> str:
    """A grade of the evaluation in words."""
    names = {"excellent": _("Excellent"), "good": _("Good"), "passed": _("Passed"), "failed": _("Not passed")}
    return names.get(code, code)
