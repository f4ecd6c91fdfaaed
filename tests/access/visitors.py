"""People whom the cast does not have: somebody without an organisation, an official without a second factor, editors."""

from __future__ import annotations

from django.contrib.auth.models import Group

from market.accounts.models import Person
from market.values.actor import Role
from tests.access.world import World
from tests.payments.builders import market_finance
from tests.people import PASSWORD, Member, a_member


def extra_members(world: World, *, called: str = "") -> dict[str, Member]:
    """By role, as `matrix.ROLES` calls them; `called` tells them apart from others of the same role."""
    at = f"{called}{world.name}.example"
    member, editor, superuser = (
        Person.objects.create_user(f"{role}@{at}", PASSWORD, name=role) for role in ("member", "editor", "superuser")
    )
    editor.groups.add(Group.objects.get(name="Editors"))
    Person.objects.filter(pk=superuser.pk).update(is_staff=True, is_superuser=True)
    superuser.refresh_from_db()
    return {
        "member": Member(member, None),  # type: ignore[arg-type]
        "editor": Member(editor, None),  # type: ignore[arg-type]
        "superuser": Member(superuser, None),  # type: ignore[arg-type]
        "finance": market_finance(world.cast),
        "official_without_mfa": a_member(f"no-mfa@{at}", world.cast.bureau, Role.REGISTRAR),
    }
