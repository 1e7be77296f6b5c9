"""Requests of one connection that wait for an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Dict, NamedTuple, Type, Union

from .answers import (
    Acknowledged,
    Agents,
    Attached,
    Configured,
    Fetched,
    History,
    Joined,
    Left,
    Reached,
    Receipts,
    Released,
    RenameDone,
    Sent,
    Status,
    Welcome,
)
from .codec import ErrorFrame, ResultFrame
from .errors import BellhopError
from .failures import misunderstood, refusal, unanswered
from .shapes import Misfit, decode

METHODS: Dict[str, Type[Any]] = {
    "hello": Welcome,
    "register": Attached,
    "resume": Attached,
    "send": Sent,
    "fetch": Fetched,
    "ack": Acknowledged,
    "list": Agents,
    "rename": RenameDone,
    "join": Joined,
    "leave": Left,
    "history": History,
    "receipts": Receipts,
    "configure": Configured,
    "reach": Reached,
    "release": Released,
    "status": Status,
}
"""Every method, with what the hub answers to it."""


@dataclass(frozen=True)
class Answered:
    result: Any


@dataclass(frozen=True)
class Refused:
    error: BellhopError


@dataclass(frozen=True)
class Lost:
    """The connection ended before the answer. `written`: the hub may have carried the request out."""

    written: bool
    error: BellhopError


Outcome = Union[Answered, Refused, Lost]
Done = Callable[[Outcome], None]


class _Waiting(NamedTuple):
    method: str
    done: Done


class Calls:
    """
    Answers go to callbacks and not to futures: what an answer changes must be in place before the next
    frame is looked at, and a task that awaits a future runs only after that.
    """

    def __init__(self) -> None:
        self._waiting: Dict[int, _Waiting] = {}
        self._last_id = 0

    def open(self, method: str, done: Done) -> int:
        self._last_id += 1
        self._waiting[self._last_id] = _Waiting(method, done)
        return self._last_id

    def forget(self, request_id: int) -> None:
        """The answer, if it comes, interests nobody any more."""
        self._waiting.pop(request_id, None)

    def answer(self, frame: Union[ResultFrame, ErrorFrame]) -> None:
        """Hands an answer to whoever asked; one that nobody waits for is ignored."""
        call = None if frame.id is None else self._waiting.pop(frame.id, None)
        if call is None:
            return
        if isinstance(frame, ErrorFrame):
            return call.done(Refused(refusal(frame.error)))
        try:
            result = decode(METHODS[call.method], frame.result)
        except Misfit as misfit:
            return call.done(Refused(misunderstood(f'the hub\'s answer to "{call.method}" does not fit: {misfit}')))
        call.done(Answered(result))

    def lose(self, error: BellhopError) -> None:
        """No answer will come any more."""
        calls = list(self._waiting.values())
        self._waiting.clear()
        for method, done in calls:
            done(Lost(True, unanswered(method, error)))
