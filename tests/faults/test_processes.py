"""A fault run or benchmark that is cut off by a time limit leaves nothing running."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_CUT_OFF = """
import signal, sys, time
from tests.bench.processes import ending_all, launch
from tests.services import running
with running(()), ending_all():
    still = launch([sys.executable, "-c", "import time; time.sleep(3600)"])
    still.send_signal(signal.SIGSTOP)
    print(still.pid, flush=True)
    time.sleep(3600)
"""


def test_whoever_is_cut_off_ends_what_it_started_also_what_stands_still() -> None:
    home = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", _CUT_OFF], cwd=home, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        started = int(process.stdout.readline())
        os.kill(started, 0)
        process.terminate()
        process.wait(30)
    assert not Path(f"/proc/{started}").exists()
