"""Whom can one sign in as? The demonstration accounts, which exist under the embedded and test settings only."""

from __future__ import annotations

from dataclasses import dataclass

from market.values.actor import Role

PASSWORD = "shuozhou-market-demo"
# Brokers and officials need a second factor; this secret is as public as the password.
TOTP_SECRET = "SHUOZHOUMARKETDEMONSTRATION23456"


@dataclass(frozen=True, slots=True)
class DemonstrationAccount:
    """A person of the demonstration, named by role."""

    email: str
    name: str
    name_en: str
    organisation: str
    roles: tuple[Role, ...]


ACCOUNTS = (
    DemonstrationAccount("university@demo.example", "高校专员", "University agent", "sanggan-univ", (Role.OWNER, Role.AGENT)),
    DemonstrationAccount("enterprise@demo.example", "企业专员", "Enterprise agent", "shuonan-power", (Role.OWNER, Role.AGENT)),
    DemonstrationAccount("broker@demo.example", "技术经纪人", "Broker", "saibei-broker", (Role.OWNER, Role.AGENT)),
    DemonstrationAccount("registrar@demo.example", "登记员", "Registrar", "shuozhou-stb", (Role.REGISTRAR,)),
    DemonstrationAccount("registrar2@demo.example", "复核登记员", "Second registrar", "shuozhou-stb", (Role.REGISTRAR,)),
    DemonstrationAccount("supervisor@demo.example", "监督员", "Supervisor", "shuozhou-stb", (Role.SUPERVISOR,)),
    DemonstrationAccount("finance@demo.example", "财务员", "Market finance", "shuozhou-stb", (Role.FINANCE,)),
    DemonstrationAccount("administrator@demo.example", "管理员", "Administrator", "shuozhou-stb", (Role.ADMINISTRATOR,)),
)
