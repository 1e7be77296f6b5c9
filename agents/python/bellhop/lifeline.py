"""Keeps one connection to the hub: connects, notices the end, waits, connects again."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Callable, Optional

from .address import Endpoint
from .backoff import backoff
from .codec import Notification
from .connection import Connection, ConnectionEvents, Loss
from .errors import BellhopError
from .states import Authenticating, ClientState, Connecting, Waiting
from .timing import Timing

_DISCOURAGING_LOSSES = 3
"""Failed attempts in a row after which the hub is not expected any moment."""


@dataclass(frozen=True)
class LifelineEvents:
    state: Callable[[ClientState], None]
    opened: Callable[[Connection], None]
    notification: Callable[[Notification], None]
    lost: Callable[[BellhopError], None]
    """The connection is gone; another attempt follows."""
    ended: Callable[[BellhopError], None]
    """No other attempt follows, unless `start` is called again."""


class Lifeline:
    def __init__(
        self,
        locate: Callable[[], Endpoint],
        program: str,
        secret: Callable[[], Optional[str]],
        random: Callable[[], float],
        timing: Timing,
        events: LifelineEvents,
    ) -> None:
        self._locate = locate
        self._program = program
        self._secret = secret
        self._random = random
        self._timing = timing
        self._events = events
        self._task: Optional[asyncio.Task[None]] = None
        self._connection: Optional[Connection] = None
        self._losses = 0
        self._steady_since: Optional[float] = None

    @property
    def is_discouraged(self) -> bool:
        """Several attempts in a row have not reached the hub."""
        return self._steady_since is None and self._losses >= _DISCOURAGING_LOSSES

    def start(self) -> None:
        """Begins, or begins again after `ended`."""
        self._events.state(Connecting(1))
        self._task = asyncio.ensure_future(self._run())

    def settled(self) -> None:
        """The client has what it came for on this connection."""
        if self._steady_since is None:
            self._steady_since = asyncio.get_running_loop().time()

    async def stop(self) -> None:
        """Makes no more attempts, and closes the connection that there is."""
        if self._connection is not None:
            await self._connection.close()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        attempt = 1
        while True:
            try:
                endpoint = self._locate()
            except BellhopError as error:
                return self._events.ended(error)
            loss = await self._serve(endpoint)
            if loss.final:
                self._steady_since = None
                self._losses = 0
                return self._events.ended(loss.error)
            self._events.lost(loss.error)
            delay = max(self._delay(), loss.reconnect_after)
            self._events.state(Waiting(delay, attempt, loss.error))
            await asyncio.sleep(delay)
            attempt += 1
            self._events.state(Connecting(attempt))

    async def _serve(self, endpoint: Endpoint) -> Loss:
        events = ConnectionEvents(
            authenticating=lambda: self._events.state(Authenticating()),
            opened=self._events.opened,
            notification=self._events.notification,
        )
        self._connection = Connection(endpoint, self._program, self._secret, self._timing, events)
        try:
            return await self._connection.run()
        finally:
            self._connection = None

    def _delay(self) -> float:
        since, self._steady_since = self._steady_since, None
        served = since is not None and asyncio.get_running_loop().time() - since >= self._timing.steady
        self._losses = 1 if served else self._losses + 1
        return backoff(self._losses, self._random())
