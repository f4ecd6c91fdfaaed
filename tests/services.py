"""Real services for tests and benchmarks: PostgreSQL, Redis and Elasticsearch on free loopback ports with throw-away data.

python -m tests.services run -- COMMAND…   runs a command with the services' addresses in its environment
python -m tests.services up                starts them and prints the addresses, until Ctrl-C
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.elasticsearch_node.build import built_home, classpath, java
from tools import debian

_PATIENCE = 90.0


class ServiceFailed(RuntimeError):
    """A service did not start; the message has the end of its log."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Service:
    """A process of our own in a folder of its own. Subclasses say how it is started and asked."""

    name = ""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / self.name
        self.folder.mkdir()
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def command(self) -> Sequence[str]:
        raise NotImplementedError

    def is_ready(self) -> bool:
        raise NotImplementedError

    def environment(self) -> Mapping[str, str]:
        raise NotImplementedError

    def launch(self, command: Sequence[str], **options: object) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, **options)  # type: ignore[call-overload]

    def start(self) -> None:
        self.launch(self.command())

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def wait(self) -> None:
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            if self.process and self.process.poll() is not None:
                break
            with contextlib.suppress(OSError, subprocess.SubprocessError):
                if self.is_ready():
                    return
            time.sleep(0.1)
        raise ServiceFailed(f"{self.name} did not start:\n{self.log.read_text(errors='replace')[-3000:]}")

    def crash(self) -> None:
        """Ends without a good-bye, as in a power cut; what it had on disk stays."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def come_back(self) -> None:
        """After a crash: on the same port, with what was on disk, and ready."""
        self.launch(self.command())
        self.wait()

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        for number, patience in ((signal.SIGINT, 10), (signal.SIGKILL, 10)):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
                return


class PostgreSQL(Service):
    """A cluster of its own; as root it runs as Debian's postgres user, for it refuses to run as root."""

    name = "postgresql"
    settings: Mapping[str, str] = {}

    def start(self) -> None:
        self.programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        self.data = self.folder / "data"
        self.user: str | None = None
        if os.geteuid() == 0:
            self.user = "postgres"
            self.folder.parent.chmod(0o755)
            shutil.chown(self.folder, pwd.getpwnam("postgres").pw_uid, pwd.getpwnam("postgres").pw_gid)
        initdb = [
            str(self.programs / "initdb"),
            "-D",
            str(self.data),
            "-U",
            "market",
            "--auth=trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ]
        subprocess.run(initdb, user=self.user, check=True, stdout=subprocess.DEVNULL, cwd=self.folder)
        self.launch(self.command(), user=self.user, cwd=self.folder)

    def crash(self) -> None:
        """At once, without writing anything more: its processes do not outlive it, and it recovers from its log."""
        assert self.process is not None
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()

    def come_back(self) -> None:
        self.launch(self.command(), user=self.user, cwd=self.folder)
        self.wait()

    def command(self) -> Sequence[str]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": self.folder,
            "shared_buffers": "64MB",
            "max_connections": 100,
            **self.settings,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(self.programs / "postgres"), "-D", str(self.data), *options]

    def is_ready(self) -> bool:
        ask = [str(self.programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(ask, check=False).returncode == 0

    def environment(self) -> Mapping[str, str]:
        return {"DATABASE_URL": f"postgres://market@127.0.0.1:{self.port}/postgres"}


class SuitesPostgreSQL(PostgreSQL):
    """For the suite, which nobody reads after a power cut: nothing waits for the disk."""

    settings = {
        "fsync": "off",
        "full_page_writes": "off",
        "synchronous_commit": "off",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "checkpoint_timeout": "1h",
        "max_wal_size": "4GB",
        # No table lives long enough to be swept.
        "autovacuum": "off",
    }


class SecondPostgreSQL(SuitesPostgreSQL):
    """Of the second process that runs tests: transactions are counted by cluster, and a reader of the event log waits for all
    that are older, so that in one cluster each process would wait for the long transactions of the other."""

    name = "postgresql-gw1"

    def environment(self) -> Mapping[str, str]:
        process = self.name.rpartition("-")[2].upper()
        return {f"DATABASE_URL_{process}": super().environment()["DATABASE_URL"]}


class ThirdPostgreSQL(SecondPostgreSQL):
    name = "postgresql-gw2"


class Redis(Service):
    name = "redis"

    def command(self) -> Sequence[str]:
        return [
            "redis-server", "--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.folder), "--save", "", "--appendonly", "no",
        ]  # fmt: skip

    def is_ready(self) -> bool:
        with socket.create_connection(("127.0.0.1", self.port), 1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")

    def environment(self) -> Mapping[str, str]:
        return {"REDIS_URL": f"redis://127.0.0.1:{self.port}/0"}


class Elasticsearch(Service):
    name = "elasticsearch"

    def command(self) -> Sequence[str]:
        home = built_home()
        ports = [str(self.port), str(free_port())]
        options = ["-Xms512m", "-Xmx512m", f"-Djava.io.tmpdir={self.folder}", f"-Des.path.home={home}"]
        return [java(), *options, "-cp", classpath(home), "market.DevNode", str(home), str(self.folder / "data"), *ports]

    def is_ready(self) -> bool:
        address = f"http://127.0.0.1:{self.port}/_cluster/health?wait_for_status=yellow&timeout=1s"
        with urllib.request.urlopen(address, timeout=2) as answer:
            return bool(answer.status == 200)

    def environment(self) -> Mapping[str, str]:
        return {"ELASTICSEARCH_URL": f"http://127.0.0.1:{self.port}"}


FOR_THE_SUITE: tuple[type[Service], ...] = (Elasticsearch, SuitesPostgreSQL, SecondPostgreSQL, ThirdPostgreSQL, Redis)


def _interrupted(number: int, frame: object) -> None:
    """A time limit has run out: what was begun is ended on the way out, undisturbed by a second signal."""
    signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


@contextlib.contextmanager
def running(kinds: Sequence[type[Service]]) -> Iterator[list[Service]]:
    """These services run. They are stopped and their data removed, whatever happens."""
    if kinds:
        debian.ensure(debian.SERVICES)
    folder = Path(tempfile.mkdtemp(prefix="market-services-"))
    started: list[Service] = []
    before = signal.signal(signal.SIGTERM, _interrupted)
    try:
        started += [kind(folder) for kind in kinds]
        with ThreadPoolExecutor() as side_by_side:
            list(side_by_side.map(lambda service: service.start(), started))
        for service in started:
            service.wait()
        yield started
    finally:
        for service in reversed(started):
            service.stop()
        shutil.rmtree(folder, ignore_errors=True)
        signal.signal(signal.SIGTERM, before)


def addresses(started: Sequence[Service]) -> dict[str, str]:
    """The environment that names these services."""
    return {name: value for service in started for name, value in service.environment().items()}


@contextlib.contextmanager
def services(kinds: Sequence[type[Service]] = FOR_THE_SUITE, say: Callable[[str], None] = print) -> Iterator[dict[str, str]]:
    """These services run; gives the environment that names them."""
    with running(kinds) as started:
        environment = addresses(started)
        for name, value in environment.items():
            say(f"{name}={value}")
        yield environment


def main(arguments: Sequence[str]) -> int:
    match arguments:
        case ["run", "--", *command] if command:
            with services(say=lambda line: print(line, flush=True)) as environment:
                return _run(command, environment)
        case ["up"]:
            with services(say=lambda line: print(line, flush=True)), contextlib.suppress(KeyboardInterrupt):
                signal.pause()
            return 0
    print(__doc__, file=sys.stderr)
    return 2


def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    child = subprocess.Popen(command, env={**os.environ, **environment})
    try:
        return child.wait()
    except KeyboardInterrupt:
        child.terminate()
        child.wait(20)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
