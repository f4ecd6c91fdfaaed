"""What is a column of a list?"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, the field its cells fill, what a cell looks like, and what is to be said about it.

    `choices` names what may stand in it; the words for each choice are given to whoever reads or writes the list.
    """

    heading: str
    field: str
    example: str
    note: str | Promise
    choices: type[TextChoices] | None = None
    is_required: bool = True


type Words = dict[type[TextChoices], dict[str, str]]
