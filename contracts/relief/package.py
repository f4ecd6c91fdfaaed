"""What the tax office is given for a relief: certificate, calculation and contract, as one PDF and as one ZIP."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any

import segno
from django.utils.translation import override

from contracts.certificate import signed_certificate, verification_url
from contracts.relief.queries import ClaimPage
from market.paper import set_paper
from market.values.dates import SHANGHAI

_PARTS = ("certificate", "calculation", "contract")


def package_pdf(page: ClaimPage, *, now: datetime) -> bytes:
    """The papers of this claim in one file, in Chinese as the tax office reads them. Raises `PaperUnavailable`."""
    return _sheets(page, _PARTS, now)


def _sheets(page: ClaimPage, parts: tuple[str, ...], now: datetime) -> bytes:
    identifier = f"{page.claim.key}-{'-'.join(parts)}"
    with override("zh-hans"):
        return set_paper(
            "relief/package_pdf.html", _context(page, parts, now), style="css/relief_package.css", identifier=identifier
        )


def _context(page: ClaimPage, parts: tuple[str, ...], now: datetime) -> dict[str, Any]:
    registration = page.claim.contract.registration
    url = verification_url(registration)
    facts = [(name, value) for name, value in page.facts.values.items() if value not in (None, "", False)]
    return {
        "page": page,
        "claim": page.claim,
        "contract": page.claim.contract,
        "registration": registration,
        "facts": facts,
        "parts": parts,
        "printed_at": now,
        "url": url,
        "code": segno.make(url, error="m").svg_data_uri(scale=4, border=2),
    }


def package_zip(page: ClaimPage, *, now: datetime) -> bytes:
    """The registry's own certificate with its signature, the sheet of the calculation, the contract's summary, and the rule in its words."""
    registration = page.claim.contract.registration
    files = {
        f"1-认定登记证明-{registration.number}.pdf": signed_certificate(registration, now=now),
        f"2-计算表-{page.claim.rule_id}-{page.claim.tax_year}.pdf": _sheets(page, ("calculation",), now),
        "3-合同摘要.pdf": _sheets(page, ("contract",), now),
        f"4-规则文本-{page.claim.rule_id}.toml": page.claim.rule_text.text.encode(),
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(_entry(name, now.astimezone(SHANGHAI)), data)
    return content.getvalue()


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    """An entry with the time at which the papers were drawn up."""
    entry = zipfile.ZipInfo(name, at.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
