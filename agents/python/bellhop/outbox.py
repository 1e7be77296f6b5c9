"""Sends that the hub has not answered [P-21] [P-22]."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from dataclasses import dataclass
from typing import Any, Awaitable, Callable, Deque, Dict, Mapping, Optional, Protocol, Set

from .answers import HubLimits, Sent
from .calls import Answered, Done, Lost, Outcome
from .errors import BellhopError
from .failures import not_sent, refused_here, unconfirmed
from .message import Blob
from .names import name_key

MAX_UNANSWERED = 1024
"""Sends unanswered on one connection, at most: half of what the hub allows for all requests."""
MAX_ENTRIES = 16_384
"""Sends that wait in all, at most; a program that has more under way is too fast for its hub."""
LARGE_TEXT_TYPE = "text/markdown; charset=utf-8"

Upload = Callable[[bytes], Awaitable[Blob]]


class Line(Protocol):
    """What sends need of a connection."""

    limits: Optional[HubLimits]

    def call(self, method: str, params: Mapping[str, Any], done: Done) -> Optional[Callable[[], None]]: ...


@dataclass(eq=False)
class _Entry:
    client_id: str
    ordinal: int
    """Its place among all sends."""
    draft: Dict[str, Any]
    """The parameters of `send`, as on the wire, without the client id."""
    sent: "asyncio.Future[Sent]"
    accepted: Callable[[Sent], None]
    written: bool = False
    """Handed to a socket at least once: the hub may have it."""
    uploading: bool = False


class Outbox:
    """
    Each send keeps its client id and is written again, in order, after every registration, so that the
    hub stores it once. A large body is uploaded first; what follows it to the same recipient waits, and
    what came before it goes before it, so that nothing overtakes.
    """

    def __init__(self, upload: Upload, retry: float) -> None:
        self._upload = upload
        self._retry = retry
        self._entries: Dict[str, _Entry] = {}
        self._queue: Deque[_Entry] = deque()
        self._unanswered = 0
        self._uploads: Set[asyncio.Task[None]] = set()
        self._line: Optional[Line] = None
        # Ids of one outbox ascend: they share a random beginning, and the hub's index of them grows at one end.
        self._id_prefix = secrets.token_urlsafe(9)
        self._count = 0

    async def send(
        self, draft: Dict[str, Any], timeout: float, why: Callable[[], str], accepted: Callable[[Sent], None]
    ) -> Sent:
        """
        `why` says, at the deadline, what kept the hub from answering. `accepted` is called before the frame
        behind the answer is looked at.
        """
        if len(self._entries) >= MAX_ENTRIES:
            raise refused_here("too_many_in_flight", f"{MAX_ENTRIES} sends wait for the hub already.")
        self._count += 1
        client_id = f"{self._id_prefix}-{self._count:08x}"
        entry = _Entry(client_id, self._count, draft, asyncio.get_running_loop().create_future(), accepted)
        self._entries[client_id] = entry
        self._queue.append(entry)
        try:
            self._pump()
            await asyncio.wait({entry.sent}, timeout=timeout)
            if not entry.sent.done():
                raise _failure(entry, why())
            return entry.sent.result()
        finally:
            self._entries.pop(client_id, None)

    def attach(self, line: Line) -> None:
        """Registered on this connection: writes everything that is not answered, again or for the first time."""
        # Another name on the same connection: what was written under the former one is still being answered.
        if line is self._line:
            return
        self._line = line
        self._unanswered = 0
        self._queue = deque(entry for entry in self._entries.values() if not entry.uploading)
        self._pump()

    def detach(self) -> None:
        self._line = None

    def abandon(self, cause: BellhopError) -> None:
        """The name is gone or the client closed: nothing will be sent any more."""
        self.detach()
        entries = list(self._entries.values())
        self._entries.clear()
        self._queue.clear()
        for upload in self._uploads:
            upload.cancel()
        for entry in entries:
            _reject(entry, _failure(entry, cause.message))

    def _pump(self) -> None:
        """May be entered again by an answer that comes at once: whatever is kept goes back before what follows it."""
        # For whom a large body is on its way, and its place: what came before it is not held back.
        uploading: Dict[str, int] = {}
        if self._uploads:
            uploading = {_recipient(one): one.ordinal for one in self._entries.values() if one.uploading}
        kept: Deque[_Entry] = deque()
        while self._line is not None and self._unanswered < MAX_UNANSWERED and self._queue:
            entry = self._queue.popleft()
            if entry.client_id not in self._entries:
                continue
            if entry.ordinal > uploading.get(_recipient(entry), entry.ordinal):
                kept.append(entry)
                continue
            body = _large_body(entry.draft, self._line.limits)
            if body is None:
                self._write(entry, self._line)
                continue
            uploading[_recipient(entry)] = entry.ordinal
            entry.uploading = True
            task = asyncio.ensure_future(self._upload_first(entry, body))
            self._uploads.add(task)
            task.add_done_callback(self._uploads.discard)
        self._queue.extendleft(reversed(kept))

    def _write(self, entry: _Entry, line: Line) -> None:
        self._unanswered += 1
        params = {**entry.draft, "clientId": entry.client_id}
        written = line.call("send", params, lambda outcome: self._answered(entry, line, outcome))
        entry.written = entry.written or written is not None

    def _answered(self, entry: _Entry, line: Line, outcome: Outcome) -> None:
        # It stays among the entries, and is written again on the next connection.
        if isinstance(outcome, Lost):
            return
        if line is self._line:
            self._unanswered -= 1
        if isinstance(outcome, Answered):
            if not entry.sent.done():
                entry.accepted(outcome.result)
                entry.sent.set_result(outcome.result)
        # A hub that shuts down has not carried it out; its successor will.
        elif outcome.error.reason != "shutting_down":
            _reject(entry, outcome.error)
        self._pump()

    async def _upload_first(self, entry: _Entry, body: bytes) -> None:
        try:
            blob = await self._upload(body)
            del entry.draft["content"]
            entry.draft["blob"] = blob.handle
        except BellhopError as error:
            if error.reason == "hub_unreachable":
                await asyncio.sleep(self._retry)
            else:
                self._entries.pop(entry.client_id, None)
                _reject(entry, error)
        finally:
            entry.uploading = False
        self._requeue(entry)
        self._pump()

    def _requeue(self, entry: _Entry) -> None:
        """Before what came later, and behind what came before: a break may have put that back into the queue."""
        before = sum(1 for one in self._queue if one.ordinal < entry.ordinal)
        self._queue.insert(before, entry)


def _recipient(entry: _Entry) -> str:
    return name_key(entry.draft["to"])


def _large_body(draft: Mapping[str, Any], limits: Optional[HubLimits]) -> Optional[bytes]:
    """The body where it is too large to travel in the message, and nothing else is its blob."""
    content = draft.get("content", "")
    if "blob" in draft or limits is None:
        return None
    body = content.encode()
    return body if len(body) > limits.inline_bytes else None


def _reject(entry: _Entry, error: BellhopError) -> None:
    if not entry.sent.done():
        entry.sent.set_exception(error)
        # Whoever sent it may have stopped waiting; then nobody is to be told.
        entry.sent.exception()


def _failure(entry: _Entry, why: str) -> BellhopError:
    if entry.written:
        return unconfirmed(entry.draft["to"], entry.client_id, why)
    return not_sent(entry.draft["to"], why)
