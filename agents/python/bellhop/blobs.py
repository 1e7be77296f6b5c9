"""Large bodies and files, over HTTP beside the socket [P-40] to [P-43]."""

from __future__ import annotations

import asyncio
import hashlib
import http.client
import socket
from typing import Awaitable, Dict, Mapping, NamedTuple, Optional, Tuple, TypeVar
from urllib.parse import quote

from .address import Endpoint, UnixEndpoint
from .codec import WireError, parse_json
from .errands import Ask
from .errors import BellhopError
from .failures import misunderstood, refusal, refused_here, unreachable
from .limits import BLOB_BYTES
from .message import Blob
from .shapes import Misfit, decode

T = TypeVar("T")

_ANSWER_BYTES = 64 * 1024
"""Bytes of an answer that is no blob."""
_STALL_S = 30.0
"""Seconds without any progress, after which an exchange is given up."""


class BlobAccess(NamedTuple):
    """Where blobs are, and the session that may have them."""

    endpoint: Endpoint
    token: str


async def upload_blob(access: BlobAccess, body: bytes, media_type: str, file_name: Optional[str] = None) -> Blob:
    """Stores bytes at the hub. Raises `BellhopError`; `hub_unreachable` where it may be repeated."""
    if len(body) > BLOB_BYTES:
        raise refused_here("too_large")
    headers = {"Content-Type": media_type}
    if file_name is not None:
        headers["X-Bellhop-File-Name"] = quote(file_name, safe="!~*'()")
    answer = await _exchange(access, "POST", "/blobs", headers, body, _ANSWER_BYTES)
    try:
        return decode(Blob, parse_json(answer))
    except Misfit as misfit:
        raise misunderstood(f"the hub's answer to an upload does not fit: {misfit}") from misfit


async def download_blob(access: BlobAccess, blob: Blob) -> bytes:
    """Fetches the bytes of a blob whole, and checks that they are the ones that were announced."""
    path = f"/blobs/{quote(blob.handle, safe='')}"
    body = await _exchange(access, "GET", path, {}, None, max(blob.size, _ANSWER_BYTES))
    if len(body) != blob.size or hashlib.sha256(body).hexdigest() != blob.sha256:
        raise BellhopError(
            "internal",
            f"The blob {blob.handle} arrived damaged: its size or SHA-256 is not the announced one.",
            "Download it again; if it stays damaged, ask its sender to send it again.",
            temporary=True,
        )
    return body


async def move_once(ask: Ask, transfer: Awaitable[T], pause: float) -> Optional[T]:
    """Moves bytes once. None, after a pause, where the way to the hub failed and it may be repeated."""
    moving = asyncio.ensure_future(transfer)
    try:
        await ask.until(moving)
        return moving.result()
    except BellhopError as error:
        if error.reason != "hub_unreachable" or not moving.done():
            raise
        await ask.until(asyncio.ensure_future(asyncio.sleep(pause)))
        return None
    finally:
        moving.cancel()


async def _exchange(
    access: BlobAccess, method: str, path: str, headers: Mapping[str, str], body: Optional[bytes], at_most: int
) -> bytes:
    """One HTTP exchange, in a thread; the bytes of an answer of 2xx."""
    connection, prefix = _open(access.endpoint)
    everything: Dict[str, str] = {**headers, "Authorization": f"Bearer {access.token}"}
    work = asyncio.ensure_future(
        asyncio.to_thread(_exchange_now, connection, method, prefix + path, everything, body, at_most)
    )
    try:
        status, answer = await asyncio.shield(work)
    except asyncio.CancelledError:
        # The thread cannot be cancelled, but what it waits for can.
        _cut(connection)
        await asyncio.gather(work, return_exceptions=True)
        raise
    except (OSError, http.client.HTTPException) as error:
        raise unreachable(access.endpoint, str(error) or type(error).__name__) from error
    if 200 <= status < 300:
        return answer
    raise _refused(access.endpoint, status, answer)


def _exchange_now(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    headers: Dict[str, str],
    body: Optional[bytes],
    at_most: int,
) -> Tuple[int, bytes]:
    try:
        try:
            connection.request(method, path, body=body, headers=headers)
        except BrokenPipeError:
            # The hub refused before it had read everything; what it says is there to be read.
            pass
        response = connection.getresponse()
        # Never holds more than was announced, whatever comes.
        answer = response.read(at_most + 1)
        if len(answer) > at_most:
            raise misunderstood(f"an answer holds more than {at_most} bytes")
        return response.status, answer
    finally:
        connection.close()


def _open(endpoint: Endpoint) -> Tuple[http.client.HTTPConnection, str]:
    """The connection, and what stands before every path. Redirects are not followed, and no proxy is asked."""
    if isinstance(endpoint, UnixEndpoint):
        return _UnixConnection(endpoint.path), ""
    prefix = endpoint.path.rstrip("/")
    kind = http.client.HTTPSConnection if endpoint.scheme == "wss" else http.client.HTTPConnection
    return kind(endpoint.host, endpoint.port, timeout=_STALL_S), prefix


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=_STALL_S)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(_STALL_S)
        self.sock.connect(self._path)


def _cut(connection: http.client.HTTPConnection) -> None:
    try:
        if connection.sock is not None:
            connection.sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass


def _refused(endpoint: Endpoint, status: int, answer: bytes) -> BellhopError:
    body = parse_json(answer)
    try:
        return refusal(decode(WireError, body.get("error") if isinstance(body, dict) else None))
    except Misfit:
        return unreachable(endpoint, f"HTTP status {status}")
