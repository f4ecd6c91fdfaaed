"""Which organisations belong together, so that they count as one counterpart?"""

from __future__ import annotations

from django.db.models import Min, Q

from market.accounts.models import Membership, Organisation, OrganisationKind


def party_of(organisation: Organisation) -> int:
    """The smallest key among the organisation and those related to it: by legal representative, or by a person in both.

    Officials' own organisations make nobody related.
    """
    people = Membership.objects.filter(organisation=organisation).values("person")
    related = Q(pk=organisation.pk) | Q(memberships__person__in=people)
    if organisation.legal_representative:
        related |= Q(legal_representative=organisation.legal_representative)
    found = Organisation.objects.exclude(kind=OrganisationKind.GOVERNMENT).filter(related).aggregate(least=Min("pk"))["least"]
    return found if found is not None else organisation.pk


def are_related(one: Organisation, other: Organisation) -> bool:
    """True for the same organisation, and for two that count as one counterpart."""
    return one.pk == other.pk or party_of(one) == party_of(other)
