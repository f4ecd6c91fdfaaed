"""A year's results as a spreadsheet: one institution a line, every indicator with its value and points."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile
from typing import IO

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from brokers.evaluation.models import Evaluation, Result
from market.spreadsheets import plain_cell
from market.values.writing import is_chinese


def results_csv(evaluation: Evaluation, results: Iterable[Result]) -> Iterator[str]:
    """The lines of the file; the first carries the mark by which spreadsheets know UTF-8."""
    mark = "\ufeff"
    for cells in _lines(evaluation, results):
        out = io.StringIO()
        csv.writer(out).writerow(cells)
        yield mark + out.getvalue()
        mark = ""


def results_workbook(evaluation: Evaluation, results: Iterable[Result]) -> IO[bytes]:
    """The same as a workbook in a temporary file."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(str(evaluation.year))
    for cells in _lines(evaluation, results):
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", cell) for cell in cells])
    out = TemporaryFile()  # noqa: SIM115 - given to the response, which closes it
    workbook.save(out)
    out.seek(0)
    return out


def _lines(evaluation: Evaluation, results: Iterable[Result]) -> Iterator[list[str]]:
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
        cells = [str(result.place), plain_cell(result.institution.name), str(result.points), grade_name(result.grade)]
        for code in indicators:
            figure = figures.get(code)
            cells += [str(figure.value), str(figure.points)] if figure else ["", ""]
        yield cells


def grade_name(code: str) -> str:
    """A grade of the evaluation in words."""
    names = {"excellent": _("Excellent"), "good": _("Good"), "passed": _("Passed"), "failed": _("Not passed")}
    return names.get(code, code)
