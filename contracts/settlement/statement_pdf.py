"""The statement of a settlement on paper, with Chinese type, in the reader's language and with the reader's part."""

from __future__ import annotations

from datetime import datetime

from contracts.settlement.queries.statement import Statement
from market.paper import set_paper


def statement_pdf(statement: Statement, *, now: datetime) -> bytes:
    """The statement as it stands now. Raises `PaperUnavailable` where the libraries that set type are missing."""
    context = {"statement": statement, "now": now}
    identifier = statement.settlement.key
    return set_paper("settlement/statement_pdf.html", context, style="css/certificate.css", identifier=identifier)
