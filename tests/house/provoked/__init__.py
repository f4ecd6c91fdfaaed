"""How each refusal is provoked: what leads up to it is built first; the act that must be refused is given back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tests.people import Cast

type Act = Callable[[], object]
type Provocation = Callable[[Cast, datetime], Act]
