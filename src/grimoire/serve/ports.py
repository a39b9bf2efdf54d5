"""A port to listen on: taken before anything is built, so that one in use is told at once."""

import socket
import sys
from contextlib import suppress
from errno import EADDRINUSE

_PORTS_TRIED = 100


class PortInUse(Exception):
    """A port is taken; `free` is the next one that is not, None if none was found."""

    def __init__(self, port: int, free: int | None) -> None:
        super().__init__(port)
        self.port = port
        self.free = free


def listen(host: str, port: int) -> tuple[socket.socket, str]:
    """Take a port, so that who asks from now on waits for an answer.

    Args:
        host: the address to listen on.
        port: the port, 0 for any that is free.

    Returns:
        The socket, and the address of the site as a browser is given it.

    Raises:
        PortInUse: if something else listens there.
        OSError: if it cannot be listened to for another reason.
    """
    try:
        listening = _bind(host, port)
    except OSError as error:
        if error.errno != EADDRINUSE:
            raise
        raise PortInUse(port, _next_free(host, port)) from None
    listening.listen(128)
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  what was asked for, to be shown otherwise
    shown = f"[{shown}]" if ":" in shown else shown
    return listening, f"http://{shown}:{listening.getsockname()[1]}/"


def _bind(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    bound = socket.socket(family, kind, protocol)
    try:
        if sys.platform == "win32":
            # There the usual option would let two servers take one port.
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(place)
    except BaseException:
        bound.close()
        raise
    return bound


def _next_free(host: str, port: int) -> int | None:
    for other in range(port + 1, min(port + 1 + _PORTS_TRIED, 65536)):
        with suppress(OSError):
            _bind(host, other).close()
            return other
    return None
