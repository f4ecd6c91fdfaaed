"""A migrated database, made once and copied: per worker, and anew after each test that really commits."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from unittest.mock import patch

from django.apps.registry import Apps, apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections


def _fingerprint() -> str:
    """Changes whenever a migration or the first policy data does."""
    root = Path(settings.BASE_DIR)
    files = sorted(
        [*root.glob("*/migrations/*.py"), *root.glob("*/*/migrations/*.py"), *root.glob("market/policy/data/*"), root / "uv.lock"]
    )
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextmanager
def _swapped_models_remembered() -> Iterator[None]:
    """Django forgets with each model of each migration which models settings can swap, and looks through all to know it again:
    the seventh part of the time that migrations take. It cannot change meanwhile."""
    looked_up = cache(partial(Apps.get_swappable_settings_name.__wrapped__, apps))  # type: ignore[attr-defined]

    def remembered(_apps: Apps, label: str) -> str | None:
        name: str | None = looked_up(label)
        return name

    remembered.cache_clear = lambda: None  # type: ignore[attr-defined]
    with patch.object(Apps, "get_swappable_settings_name", remembered):
        yield


class TestDatabase:
    """This worker's database, copied from a template that all workers share."""

    __test__ = False

    def __init__(self, worker: str) -> None:
        self.worker = worker
        self.is_sqlite = connection.vendor == "sqlite"
        self.var = Path(settings.VAR_DIR)
        self.template = f"market_template_{_fingerprint()}"

    def create(self) -> None:
        with _lock(self.var / "test-database.lock"):
            if not self._has_template():
                self._make_template()
        self.restore()

    def restore(self, kept: str = "") -> None:
        """The database is as the template is, or as it was when it was kept under this name."""
        self._disconnect()
        source = f"{self.worker}_{kept}" if kept else self.template
        if self.is_sqlite:
            # The file itself goes too: a new one shares no lock or memory with what a server's thread may still hold open.
            for suffix in ("", "-wal", "-shm"):
                self._file(self.worker).with_name(self._file(self.worker).name + suffix).unlink(missing_ok=True)
            shutil.copyfile(self._file(source), self._file(self.worker))
            self._use(str(self._file(self.worker)))
            return
        self._copy(source if source == self.template else f"market_{source}", f"market_{self.worker}")
        self._use(f"market_{self.worker}")

    def keep(self, name: str) -> None:
        """What stands in the database now can be restored by this worker under this name."""
        if self.is_sqlite:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._disconnect()
        if self.is_sqlite:
            shutil.copyfile(self._file(self.worker), self._file(f"{self.worker}_{name}"))
        else:
            self._copy(f"market_{self.worker}", f"market_{self.worker}_{name}")

    def _copy(self, source: str, copy: str) -> None:
        with self._administration() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{source}"')

    def _has_template(self) -> bool:
        if self.is_sqlite:
            return self._file(self.template).exists()
        with self._administration() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.template])
            return cursor.fetchone() is not None

    def _make_template(self) -> None:
        building = f"{self.template}_building"
        if self.is_sqlite:
            for leftover in self.var.glob("market_template_*.sqlite3*"):
                leftover.unlink()
            self._use(str(self._file(building)))
        else:
            with self._administration() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{building}" WITH (FORCE)')
                cursor.execute(f'CREATE DATABASE "{building}"')
            self._use(building)
        self._migrate()
        call_command("load_policy", verbosity=0)
        if self.is_sqlite:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._disconnect()
        if self.is_sqlite:
            self._file(building).rename(self._file(self.template))
            return
        with self._administration() as cursor:
            cursor.execute(f'ALTER DATABASE "{building}" RENAME TO "{self.template}"')

    def _migrate(self) -> None:
        """On PostgreSQL once for all its clusters: what was migrated is kept in a file, without any row that counts transactions."""
        dump = self.var / f"{self.template}.dump"
        if self.is_sqlite or shutil.which("pg_restore") is None:
            self._migrate_from_nothing()
        elif dump.exists():
            self._run_program("pg_restore", "--no-owner", f"--dbname={connection.settings_dict['NAME']}", str(dump))
        else:
            self._migrate_from_nothing()
            for leftover in self.var.glob("market_template_*.dump"):
                leftover.unlink()
            unfinished = dump.with_suffix(".unfinished")
            self._run_program("pg_dump", "--format=custom", f"--file={unfinished}", connection.settings_dict["NAME"])
            unfinished.rename(dump)

    def _migrate_from_nothing(self) -> None:
        with _swapped_models_remembered():
            call_command("migrate", verbosity=0, interactive=False)

    def _run_program(self, *command: str) -> None:
        parameters = connection.get_connection_params()
        address = {
            f"PG{key.upper()}": str(parameters[key]) for key in ("host", "port", "user", "password") if parameters.get(key)
        }
        subprocess.run(command, env=os.environ | address, check=True)

    def _file(self, name: str) -> Path:
        return self.var / f"{name}.sqlite3" if name.startswith("market_template") else self.var / f"test_{name}.sqlite3"

    @contextmanager
    def _administration(self) -> Iterator[object]:
        import psycopg

        parameters = connection.get_connection_params()
        with (
            psycopg.connect(
                dbname="postgres",
                autocommit=True,
                **{key: parameters[key] for key in ("host", "port", "user", "password") if parameters.get(key)},
            ) as database,
            database.cursor() as cursor,
        ):
            yield cursor

    def _disconnect(self) -> None:
        """From the database as it is called now, with the connections that wait in the pool."""
        connections.close_all()
        if not self.is_sqlite:
            connection.close_pool()  # type: ignore[attr-defined]

    def _use(self, name: str) -> None:
        self._disconnect()
        settings.DATABASES["default"]["NAME"] = name
        connection.settings_dict["NAME"] = name
