"""Calls that wait for the client to be ready, run, and must end by a deadline."""

from __future__ import annotations

import asyncio
from typing import Any, Awaitable, Callable, Mapping, Optional, Protocol, Set, TypeVar

from .calls import Answered, Lost, Outcome, Refused
from .connection import Connection
from .errors import BellhopError
from .failures import not_started, unanswered
from .states import Closed, ClientState, Idle, Ready, Registered

T = TypeVar("T")


class Situation(Protocol):
    """What an errand needs to know of its client."""

    @property
    def state(self) -> ClientState: ...

    @property
    def connection(self) -> Optional[Connection]: ...

    @property
    def trouble(self) -> BellhopError:
        """What keeps the client from being ready."""
        ...

    def closed_error(self) -> BellhopError: ...


class Ask:
    """One errand: asks the hub, and knows until when."""

    def __init__(self, situation: Situation, timeout: float) -> None:
        self._situation = situation
        self._deadline = asyncio.get_running_loop().time() + timeout
        self._asked: Optional[str] = None
        """The method that the hub may be carrying out."""

    async def __call__(
        self, method: str, params: Mapping[str, Any], apply: Callable[[Any], None] = lambda result: None
    ) -> Outcome:
        """`apply` is called before the frame behind the answer is looked at. Raises at the deadline."""
        connection = self._situation.connection
        if connection is None:
            return Lost(False, self._situation.trouble)
        ended: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()

        def done(outcome: Outcome) -> None:
            if isinstance(outcome, Answered):
                apply(outcome.result)
            if not ended.done():
                ended.set_result(outcome)

        forget = connection.call(method, params, done)
        if forget is not None:
            self._asked = method
        try:
            await self.until(ended)
        finally:
            if forget is not None:
                forget()
        return ended.result()

    async def until(self, future: "asyncio.Future[Any]") -> None:
        """Waits for it, or raises at the deadline. What it waits for is not cancelled."""
        left = self._deadline - asyncio.get_running_loop().time()
        await asyncio.wait({future}, timeout=max(0.0, left))
        if not future.done():
            trouble = self._situation.trouble
            raise unanswered(self._asked, trouble) if self._asked else trouble


class Errands:
    def __init__(self, situation: Situation) -> None:
        self._situation = situation
        self._waiting: Set["asyncio.Future[None]"] = set()

    def changed(self) -> None:
        """The client's state has changed."""
        for waiter in self._waiting:
            if not waiter.done() and self._is_settled():
                waiter.set_result(None)

    async def ready(self, timeout: float) -> None:
        """Waits for the client to be ready."""
        await self._ready(Ask(self._situation, timeout))

    async def run(self, timeout: float, step: Callable[[Ask], Awaitable[Optional[T]]]) -> T:
        """Runs a step when the client is ready, and again as long as it gives None."""
        ask = Ask(self._situation, timeout)
        while True:
            await self._ready(ask)
            result = await step(ask)
            if result is not None:
                return result

    async def _ready(self, ask: Ask) -> None:
        if isinstance(self._situation.state, Idle):
            raise not_started()
        while not isinstance(self._situation.state, (Ready, Registered)):
            if isinstance(self._situation.state, Closed):
                raise self._situation.closed_error()
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.add(waiter)
            try:
                await ask.until(waiter)
            finally:
                self._waiting.discard(waiter)

    def _is_settled(self) -> bool:
        return isinstance(self._situation.state, (Ready, Registered, Closed))


def answer_of(outcome: Outcome) -> Optional[Any]:
    """The result; None where the request was not written and may be made again. Raises the rest."""
    if isinstance(outcome, Answered):
        return outcome.result
    if isinstance(outcome, Refused) or outcome.written:
        raise outcome.error
    return None
