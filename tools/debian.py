"""Which Debian packages are missing? Installs them as root; otherwise says in one sentence what to type."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence


class PackagesMissing(SystemExit):
    """The packages are needed and cannot be installed by this user."""


def missing(packages: Sequence[str]) -> list[str]:
    """Those of these packages that are not installed."""
    query = ["dpkg-query", "--show", "--showformat=${Package} ${db:Status-Status}\n", *packages]
    output = subprocess.run(query, capture_output=True, text=True, check=False).stdout
    installed = {line.split()[0] for line in output.splitlines() if line.endswith(" installed")}
    return [package for package in packages if package not in installed]


def ensure(packages: Sequence[str]) -> None:
    """All of these packages are installed. Ends the program with a sentence when that cannot be done."""
    if shutil.which("dpkg-query") is None:
        raise PackagesMissing(f"This is not Debian; please install what corresponds to: {' '.join(packages)}")
    wanted = missing(packages)
    if not wanted:
        return
    if os.geteuid() != 0:
        raise PackagesMissing(f"Please install: sudo apt-get install {' '.join(wanted)}")
    print(f"Installing {' '.join(wanted)} …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=environment, check=True)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *wanted]
    subprocess.run(install, env=environment, check=True, stdout=subprocess.DEVNULL)


# What sets type in PDFs, and what drives the pages in tests.
PRINTING = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-noto-cjk")
BROWSER = ("chromium", *PRINTING)
# SoftHSM stands for the device that keeps the key of certificates. Go builds what checks the requests to Stripe; any that is there does.
SERVICES = ("postgresql", "redis-server", "maven", "softhsm2", *(() if shutil.which("go") else ("golang-go",)))

if __name__ == "__main__":
    ensure({"browser": BROWSER, "printing": PRINTING, "services": SERVICES}[sys.argv[1]])
