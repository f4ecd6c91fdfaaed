"""For the test suite: as embedded, or on the real services that the environment names; quick hashing, mail in memory, tasks at once."""

import os

from market.settings.embedded import *
from market.settings.embedded import CACHES, DATABASES, REDIS_URL, STORAGES, VAR_DIR, database

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
_worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
if "sqlite3" in DATABASES["default"]["ENGINE"]:
    # A file, because threads of one test must share it, and a migrated one can be copied per worker.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
    # Nobody needs it after a power cut.
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
elif _own_cluster := os.environ.get(f"DATABASE_URL_{_worker.upper()}"):
    # See tests/services.py for the reason.
    DATABASES = {"default": database(_own_cluster, VAR_DIR)}
# Uploads of the tests leave nothing behind.
STORAGES = {**STORAGES, "documents": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
if REDIS_URL:
    # A cache of its own for each of the processes that run tests side by side: each empties it before every test.
    CACHES = {
        "default": {**CACHES["default"], "LOCATION": f"{REDIS_URL.rpartition('/')[0]}/{int(_worker.removeprefix('gw')) + 1}"}
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Machines that run tests are busy: only the tests of the time limit shorten it.
SEARCH_SECONDS = 10.0
# Nor does a test lose its locks because its machine was busy.
IDLE_LOCK_SECONDS = 0
