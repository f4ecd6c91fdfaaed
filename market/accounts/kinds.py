"""What members may be for an organisation, in words."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from market.values.actor import Role


class RoleChoices(TextChoices):
    """The roles of members as people call them."""

    OWNER = Role.OWNER.value, pgettext_lazy("role", "Owner")
    AGENT = Role.AGENT.value, pgettext_lazy("role", "Agent")
    FINANCE = Role.FINANCE.value, pgettext_lazy("role", "Finance")
    REGISTRAR = Role.REGISTRAR.value, pgettext_lazy("role", "Registrar")
    SUPERVISOR = Role.SUPERVISOR.value, pgettext_lazy("role", "Supervisor")
    ADMINISTRATOR = Role.ADMINISTRATOR.value, pgettext_lazy("role", "Administrator")
