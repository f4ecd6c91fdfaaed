"""A clamd of a few lines on the loopback: it reads a stream as clamd does and answers what it was told to."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def clamd_that_says(answer: bytes, *, threat: bytes = b"") -> Iterator[str]:
    """Gives the address. `answer` is sent for every file, or `FOUND` for one that holds `threat`; empty means to hang up."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.2)
    is_over = threading.Event()

    def serve() -> None:
        while not is_over.is_set():
            try:
                connection, _address = server.accept()
            except TimeoutError:
                continue
            with connection:
                content = _stream(connection)
                connection.sendall(b"stream: Test.Threat FOUND\n" if threat and threat in content else answer)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"127.0.0.1:{server.getsockname()[1]}"
    finally:
        is_over.set()
        thread.join()
        server.close()


def _stream(connection: socket.socket) -> bytes:
    with connection.makefile("rb") as incoming:
        assert b"INSTREAM" in incoming.readline()
        content = b""
        while size := struct.unpack("!L", incoming.read(4))[0]:
            content += incoming.read(size)
    return content
