"""Nothing private can be found: every field of the index, and who may see it where it comes from."""

from __future__ import annotations

import dataclasses

import pytest
from django.db import models

from search.documents import WEIGHTS, Document
from search.models import Entry, Word
from search.query import Facet

# Where the field comes from; all of it stands on pages that everybody may open.
EVERYBODY_MAY_SEE = {
    "kind": "what it is",
    "pk": "its row, never shown",
    "title": "title of the achievement or demand, of what a contract is about, name of the broker or institution",
    "keywords": "keywords, titles of patents, industry, kind of contract",
    "names": "listing, demand or registration number, certificate number, patent numbers and classes, name of the organisation",
    "body": "abstract; problem, targets and expected result; introduction",
    "published": "when it was published",
    "is_running": "whether it can still be had",
    "industry": "industry",
    "maturity": "maturity",
    "state": "public state of the listing",
    "route": "route of pricing",
    "transaction": "transfer or licence",
    "owner": "kind of organisation",
    "region": "region of the organisation",
    "served": "industry served",
    "ipc": "classes of the patents",
    "price": "announced price or budget",
    "band": "band of the announced price or budget",
    "ends": "end of the notice or of the demand",
    "words": "keywords and names, to be suggested",
}
# What each engine adds for itself.
OF_THE_ENGINES = {"id", "digest", "row", "pk_of_kind"}


def test_every_field_of_a_document_is_one_that_everybody_may_see() -> None:
    fields = {field.name for field in dataclasses.fields(Document)} | {"band"}
    assert fields == set(EVERYBODY_MAY_SEE)
    assert {facet.value for facet in Facet} <= fields


def test_the_engines_hold_nothing_else() -> None:
    from search.engines.elasticsearch import Entry as Mapped

    mapped = set(Mapped._doc_type.mapping.to_dict()["properties"])  # type: ignore[attr-defined]
    columns = {field.name for field in Entry._meta.get_fields() if isinstance(field, models.Field)}
    assert mapped == set(EVERYBODY_MAY_SEE) - {"words"} | {"digest", "row"}
    assert columns == set(EVERYBODY_MAY_SEE) - {"words", "pk"} - set(WEIGHTS) | {"id", "digest", "pk_of_kind", "facts"}
    words = {field.name for field in Word._meta.get_fields() if isinstance(field, models.Field)}
    assert words == {"id", "kind", "pk_of_kind", "text", "folded", "sound", "initials"}


@pytest.mark.parametrize(
    "name", ["reserve_price", "inventors", "contact", "buyer_conditions", "certificate", "social_credit_code"]
)
def test_what_is_not_public_has_no_field(name: str) -> None:
    assert name not in EVERYBODY_MAY_SEE
