"""
The only file that knows the `websockets` library. Its versions have two clients: `websockets.asyncio`
since 13, and the older one, which in 10 to 12 is the only one. Both are asked for the same here.
"""

from __future__ import annotations

import asyncio
import errno
import importlib
import inspect
import ssl
from typing import Any, Awaitable, Dict, Optional, Protocol, Tuple, Union

from .address import Endpoint, UnixEndpoint
from .version import PROTOCOL_NAME

try:
    from websockets.exceptions import ConnectionClosed, WebSocketException
except ModuleNotFoundError:
    raise ModuleNotFoundError(
        "Bellhop needs the Python library websockets. "
        "Install it: pip install websockets (on Debian and Ubuntu: apt install python3-websockets).",
        name="websockets",
    ) from None


def _client_module() -> Any:
    try:
        return importlib.import_module("websockets.asyncio.client")
    except ImportError:
        return importlib.import_module("websockets.legacy.client")


_connect: Any = _client_module().connect

MAX_FRAME_BYTES = 16 * 1024 * 1024
"""Bytes of a frame that this client takes: a page of 200 large inline messages, and ample room."""
_MAX_WAITING_FRAMES = 4
"""Frames that are read ahead of this program."""
_CLOSING_S = 0.5
"""Seconds for the closing handshake; then the socket is cut."""

DIAL_ERRORS = (OSError, WebSocketException, EOFError, ValueError, asyncio.TimeoutError)
"""What `dial` may raise."""


class Socket(Protocol):
    """What both versions have in common."""

    transport: Any
    subprotocol: Optional[str]

    async def recv(self) -> Union[str, bytes]: ...

    async def send(self, message: str) -> None: ...

    async def ping(self) -> Awaitable[Any]: ...

    async def close(self) -> None: ...


async def dial(endpoint: Endpoint) -> Socket:
    """Opens a socket to a hub [P-1]. Redirects are not followed, and no proxy is asked."""
    options: Dict[str, Any] = {
        "subprotocols": [PROTOCOL_NAME],
        "compression": None,
        "max_size": MAX_FRAME_BYTES,
        "max_queue": _MAX_WAITING_FRAMES,
        # The connection has deadlines of its own for these, with texts of its own.
        "open_timeout": None,
        "ping_interval": None,
        "close_timeout": _CLOSING_S,
    }
    if "proxy" in inspect.signature(_connect.__init__).parameters:
        options["proxy"] = None
    if isinstance(endpoint, UnixEndpoint):
        opening = _DirectConnect("ws://localhost/", unix=True, path=endpoint.path, **options)
    else:
        opening = _DirectConnect(endpoint.url, **options)
    socket: Socket = await opening
    return socket


class _DirectConnect(_connect):  # type: ignore[misc]
    MAX_REDIRECTS_ALLOWED = 1
    """For the legacy client: the first redirect is one too many."""

    def process_redirect(self, exc: Exception) -> Exception:
        """For the new client: what it would follow stays an error."""
        return exc


def cut(socket: Socket) -> None:
    """Ends the connection at once, as a killed process would."""
    if socket.transport is not None:
        socket.transport.abort()


def close_frame(error: BaseException) -> Optional[Tuple[int, str]]:
    """Code and reason that the hub closed with; None where the connection just broke."""
    received = error.rcvd if isinstance(error, ConnectionClosed) else None
    return (int(received.code), received.reason) if received else None


def is_nobody_there(error: BaseException) -> bool:
    """Whether an error says that no program listens there."""
    if isinstance(error, OSError) and error.errno in (errno.ECONNREFUSED, errno.ENOENT):
        return True
    # A host with several addresses: asyncio says all the errors in one text.
    return isinstance(error, OSError) and f"Errno {errno.ECONNREFUSED}" in str(error)


def problem_of(error: BaseException) -> str:
    """For the sentence "the hub cannot be reached: …"."""
    if is_nobody_there(error):
        return "no hub is running there"
    if isinstance(error, ConnectionClosed):
        return "the connection broke"
    if isinstance(error, ssl.SSLError):
        return _tls_problem(error)
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__


_NOT_VALID_NOW = (9, 10)
"""OpenSSL's codes for a certificate whose time has not come, or is over."""
_OTHER_NAME = (62, 64)
"""The same for one that is for another name, or for another address."""


def _tls_problem(error: ssl.SSLError) -> str:
    if not isinstance(error, ssl.SSLCertVerificationError):
        if error.reason in ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"):
            return "it speaks no TLS on that port (set BELLHOP_URL to ws:// in place of wss://)"
        return f"TLS failed: {error.reason or error}"
    if error.verify_code in _NOT_VALID_NOW:
        return "its certificate is not valid now (renew it, and check the clocks of both machines)"
    if error.verify_code in _OTHER_NAME:
        return "its certificate is for another name (set BELLHOP_URL to a name that stands in it)"
    return (
        "its certificate was signed by nobody whom this program trusts (set SSL_CERT_FILE to a PEM file with the "
        "certificate of the authority that signed it, or with itself, if it signed itself)"
    )
