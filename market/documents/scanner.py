"""Is there malware in it? Asked of a clamd over its INSTREAM command."""

from __future__ import annotations

from typing import IO

import clamd
from django.conf import settings


class ScannerAway(Exception):
    """No verdict: the scanner does not answer, or says that it failed."""


def scan(content: IO[bytes]) -> bool:
    """True for clean, false for a threat found. Raises `ScannerAway` for anything else."""
    host, _colon, port = settings.CLAMD_ADDRESS.partition(":")
    scanner = clamd.ClamdNetworkSocket(host, int(port or 3310), timeout=30)
    try:
        verdict, reason = scanner.instream(content)["stream"]
    except (clamd.ClamdError, OSError, KeyError) as error:
        raise ScannerAway(str(error)) from error
    if verdict == "FOUND":
        return False
    if verdict == "OK":
        return True
    raise ScannerAway(f"{verdict} {reason}")
