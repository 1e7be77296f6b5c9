"""One WebSocket to a hub, from dialling to its end."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Any, Callable, Deque, Mapping, Optional, Union

from .address import Endpoint, is_local
from .answers import HubLimits, Welcome
from .calls import Answered, Calls, Done, Lost, Outcome, Refused
from .close_codes import final_close
from .codec import Challenge, Closing, ErrorFrame, Notification, ResultFrame, decode_incoming, encode_request
from .dial import DIAL_ERRORS, Socket, close_frame, cut, dial, is_nobody_there, problem_of
from .errors import BellhopError
from .failures import closed_by_owner, not_genuine, refused_here, unreachable
from .handshake import Hello, Refuse, answer_challenge
from .timing import Timing


@dataclass(frozen=True)
class Loss:
    """Why a connection is over."""

    error: BellhopError
    final: bool
    """Another attempt would not change anything."""
    reconnect_after: float = 0.0
    """The hub's wish, in seconds."""


@dataclass(frozen=True)
class ConnectionEvents:
    authenticating: Callable[[], None]
    """The socket is open, the handshake runs."""
    opened: Callable[["Connection"], None]
    """Both sides have proved themselves."""
    notification: Callable[[Notification], None]


class Connection:
    """`run` lives as long as the connection. Handshake [P-3], requests, notifications, and a look-out for silence [P-8]."""

    def __init__(
        self,
        endpoint: Endpoint,
        program: str,
        secret: Callable[[], Optional[str]],
        timing: Timing,
        events: ConnectionEvents,
    ) -> None:
        self.endpoint = endpoint
        self.limits: Optional[HubLimits] = None
        """What the hub said in its answer to hello; None while the connection is not open."""
        self._program = program
        self._secret = secret
        self._timing = timing
        self._events = events
        self._calls = Calls()
        self._socket: Optional[Socket] = None
        self._outgoing: Deque[str] = deque()
        self._something_to_write = asyncio.Event()
        self._greeted = False
        self._nobody_there = False
        self._reconnect_after = 0.0
        self._last_heard = 0.0
        loop = asyncio.get_running_loop()
        self._opened: asyncio.Future[None] = loop.create_future()
        self._ended: asyncio.Future[Loss] = loop.create_future()

    async def run(self) -> Loss:
        """From dialling to the end, which it tells. Never raises, but when it is cancelled."""
        parts = [asyncio.ensure_future(part) for part in (self._read(), self._watch())]
        try:
            return await self._ended
        finally:
            self._end(closed_by_owner(), final=True)
            for part in parts:
                part.cancel()
            if self._socket is not None:
                cut(self._socket)
            await asyncio.gather(*parts, return_exceptions=True)

    def call(self, method: str, params: Mapping[str, Any], done: Done) -> Optional[Callable[[], None]]:
        """
        Sends one request. `done` is called once, before the frame behind the answer is looked at. Returns
        what makes the connection forget the request, or None where it was not written at all.
        """
        if self.limits is None or self._ended.done():
            done(Lost(False, self._unreachable("the connection broke")))
            return None
        request_id = self._calls.open(method, done)
        try:
            frame = encode_request(request_id, method, params)
            if len(frame.encode()) > self.limits.frame_bytes:
                # The hub would cut the connection, and with it everything else that is under way.
                raise refused_here("too_large")
        except BellhopError as error:
            self._calls.forget(request_id)
            done(Refused(error))
            return None
        self._write(frame)
        return lambda: self._calls.forget(request_id)

    def drop(self, problem: Union[str, BellhopError], reconnect_after: float = 0.0) -> None:
        """Cuts the connection because of a problem on this side."""
        self._reconnect_after = reconnect_after
        self._end(problem if isinstance(problem, BellhopError) else self._unreachable(problem), final=False)

    async def close(self) -> None:
        """Closes politely: what was written goes out, and the hub is told."""
        if self._socket is None or self._ended.done():
            return
        try:
            while self._outgoing:
                await self._socket.send(self._outgoing.popleft())
            await asyncio.wait_for(self._socket.close(), self._timing.closing)
        except DIAL_ERRORS + (asyncio.TimeoutError,):
            pass
        self._end(closed_by_owner(), final=True)

    async def _read(self) -> None:
        try:
            self._socket = await dial(self.endpoint)
            if self._socket.subprotocol is None:
                return self.drop("what answers does not speak bellhop.v1")
            self._events.authenticating()
            writing = asyncio.ensure_future(self._write_frames(self._socket))
            try:
                while not self._ended.done():
                    text = await self._socket.recv()
                    self._last_heard = self._now()
                    if isinstance(text, str):
                        self._take(decode_incoming(text))
            finally:
                writing.cancel()
        except DIAL_ERRORS as error:
            self._broke(error)
        except Exception as error:  # Otherwise the connection would hang without a reader.
            self.drop(f"this client failed at what it read ({error!r})")

    async def _write_frames(self, socket: Socket) -> None:
        try:
            while True:
                while self._outgoing:
                    await socket.send(self._outgoing.popleft())
                self._something_to_write.clear()
                await self._something_to_write.wait()
        except DIAL_ERRORS:
            # The reader hears of it too, with the close code.
            return

    def _write(self, frame: str) -> None:
        self._outgoing.append(frame)
        self._something_to_write.set()

    async def _watch(self) -> None:
        """A hub from which nothing comes is pinged; one that does not answer is dead, or the network is."""
        await asyncio.wait({self._opened}, timeout=self._timing.handshake)
        if self.limits is None or self._socket is None:
            return self.drop("the handshake took too long")
        interval = self.limits.ping_ms / 1000
        try:
            while True:
                silence = self._now() - self._last_heard
                if silence < interval:
                    await asyncio.sleep(interval - silence)
                    continue
                pong = await self._socket.ping()
                await asyncio.wait_for(asyncio.ensure_future(pong), interval + self._timing.pong)
                self._last_heard = self._now()
        except asyncio.TimeoutError:
            self.drop(f"nothing came from it for {2 * interval + self._timing.pong:g} s")
        except DIAL_ERRORS:
            return

    def _take(self, frame: Any) -> None:
        if isinstance(frame, (ResultFrame, ErrorFrame)):
            self._calls.answer(frame)
        elif isinstance(frame, Challenge):
            self._greet(frame)
        elif isinstance(frame, Closing):
            self._reconnect_after = max(0, frame.reconnect_after_ms or 0) / 1000
        elif frame is not None and self.limits is not None and not self._ended.done():
            self._events.notification(frame)

    def _greet(self, challenge: Challenge) -> None:
        if self._greeted:
            return
        self._greeted = True
        greeting = answer_challenge(challenge, self._program, self._secret(), is_local(self.endpoint))
        if isinstance(greeting, Refuse):
            return self._end(greeting.error, final=True)
        hello = greeting
        request_id = self._calls.open("hello", lambda outcome: self._welcomed(hello, outcome))
        self._write(encode_request(request_id, "hello", hello.params))

    def _welcomed(self, hello: Hello, outcome: Outcome) -> None:
        if isinstance(outcome, Lost):
            return
        if isinstance(outcome, Refused):
            return self._end(outcome.error, final=not outcome.error.temporary)
        assert isinstance(outcome, Answered)
        welcome: Welcome = outcome.result
        if not hello.is_genuine(welcome.proof):
            return self._end(not_genuine("it does not know the secret"), final=True)
        self.limits = welcome.limits
        self._opened.set_result(None)
        self._events.opened(self)

    def _broke(self, error: BaseException) -> None:
        closed = close_frame(error)
        if closed is None:
            self._nobody_there = is_nobody_there(error)
            return self._end(self._unreachable(problem_of(error)), final=False)
        code, text = closed
        final = final_close(code, text)
        problem = "the connection broke" if code == 1000 else f"it closed the connection ({code} {text})".replace(" )", ")")
        self._end(final or self._unreachable(problem), final=final is not None)

    def _end(self, error: BellhopError, final: bool) -> None:
        if self._ended.done():
            return
        self.limits = None
        self._outgoing.clear()
        self._ended.set_result(Loss(error, final, self._reconnect_after))
        self._calls.lose(error)

    def _unreachable(self, problem: str) -> BellhopError:
        return unreachable(self.endpoint, problem, self._nobody_there)

    def _now(self) -> float:
        return asyncio.get_running_loop().time()
