"""A register as full as one likes, made within the database: one contract is registered by the actions, all others are copied from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

# So many rows are made by one statement.
_PORTION = 20_000
# Above the keys of what the actions made.
_FIRST = 1000
_REGISTRY = "140600"
# One contract in a thousand is of this county, whose registrar must find it among all others.
RARE_COUNTY = "140681"
_COUNTY = f"CASE WHEN i % 1000 = 7 THEN '{RARE_COUNTY}' ELSE '140602' END"
_KINDS = {
    "kind": "CASE i % 5 WHEN 0 THEN 'development' WHEN 1 THEN 'transfer' WHEN 2 THEN 'licence' WHEN 3 THEN 'consulting' ELSE 'service' END",
    "technology_field": "CASE i % 3 WHEN 0 THEN 'manufacturing' WHEN 1 THEN 'energy' ELSE 'electronics' END",
}


def fill(registration_pk: int, after: int, size: int) -> Iterator[int]:
    """The register has so many contracts, copies of this one, `after` of which are there; told after every portion.

    Older registrations have lower keys, as in life; the last ones are of 2026.
    """
    from django.db import connection, transaction

    from contracts.models import Application, ContractParty, Registration, TechnologyContract

    registration = Registration.objects.select_related("contract", "application").get(pk=registration_pk)
    contract = registration.contract
    year, here = f"(2023 + (i - {after}) * 4 / {size - after})", f"{_FIRST} + i"
    for begin in range(after, size, _PORTION):
        upto = min(size, begin + _PORTION)
        with transaction.atomic():
            of_contract = {"id": here, "key": _key("t"), "title": "'技术转让合同第' || i || '号'", "deal_id": "NULL", **_KINDS}
            _copy(TechnologyContract, contract.pk, of_contract, begin, upto)
            for side in ("seller", "buyer"):
                varied = {
                    "id": f"{_FIRST} + 2 * i + {int(side == 'buyer')}",
                    "contract_id": here,
                    "name": f"'{side}' || i % 5000",
                }
                party = contract.parties.get(side=side, position=1)
                _copy(ContractParty, party.pk, varied | {"region": _region(side)}, begin, upto)
            of_application = {"id": here, "key": _key("a"), "contract_id": here, "region": _COUNTY}
            _copy(Application, registration.application.pk, of_application, begin, upto)
            of_registration = {
                "id": here,
                "number": f"CAST({year} AS varchar(4)) || '{_REGISTRY}' || {_padded('i', 6)}",
                "verification_key": _key("v"),
                "contract_id": here,
                "application_id": here,
                "region": _COUNTY,
                "kind": _KINDS["kind"],
                "registered_at": _day(year, connection.vendor),
                "contract_value_fen": "100000000 + i % 997 * 100000",
                "technology_value_fen": "10000000 + i % 499 * 100000",
            }
            _copy(Registration, registration.pk, of_registration, begin, upto)
        yield upto
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _copy(model: Any, pk: int, varied: Mapping[str, str], after: int, upto: int) -> None:
    """A copy of this row for each number above `after` up to `upto`, but for the columns that vary with it."""
    from django.db import connection

    columns = [field.column for field in model._meta.concrete_fields]
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(map(connection.ops.quote_name, columns))
    values = ", ".join(varied.get(column, f"it.{connection.ops.quote_name(column)}") for column in columns)
    numbers = f"WITH RECURSIVE numbers(i) AS (SELECT {after} UNION ALL SELECT i + 1 FROM numbers WHERE i < {upto - 1})"
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({names}) {numbers} SELECT {values} FROM numbers, {table} it WHERE it.id = {pk}")


def _padded(expression: str, width: int) -> str:
    """Zeros before the number."""
    return f"substr(CAST(1{'0' * width} + {expression} AS varchar(40)), 2)"


def _key(letter: str) -> str:
    return f"'{letter * 4}' || {_padded('i', 12)}"


def _region(side: str) -> str:
    """Every seventh seller and every second buyer is from elsewhere."""
    return f"CASE WHEN i % {7 if side == 'seller' else 2} = 0 THEN '330100' ELSE '140602' END"


def _day(year: str, vendor: str) -> str:
    """Some hour of the twelve months of this year."""
    if vendor == "postgresql":
        return f"make_timestamptz({year}, 1 + i % 12, 1 + i % 28, 2, 0, 0, 'UTC')"
    month, day = _padded("(1 + i % 12)", 2), _padded("(1 + i % 28)", 2)
    return f"CAST({year} AS varchar(4)) || '-' || {month} || '-' || {day} || ' 02:00:00'"
