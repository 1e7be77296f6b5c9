"""Acknowledgements that the hub has not confirmed [P-31]."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Protocol, Set, Tuple

from .calls import Done, Lost, Outcome, Refused
from .limits import ACK_IDS


class Line(Protocol):
    """What acknowledgements need of a connection."""

    def call(self, method: str, params: Mapping[str, Any], done: Done) -> Optional[Callable[[], None]]: ...


@dataclass(eq=False)
class _Batch:
    ids: Dict[str, None]
    """In the order in which they were acknowledged."""
    state: str
    route: str
    confirmed: List["asyncio.Future[None]"]


class Acks:
    """
    Those of one state and route that come in one turn travel as one request; those that a broken
    connection took with it are repeated on the next.
    """

    def __init__(self, retry: float) -> None:
        self._retry = retry
        self._waiting: Dict[Tuple[str, str], _Batch] = {}
        self._under_way: Set[_Batch] = set()
        self._line: Optional[Line] = None
        self._flushing = False

    def add(self, ids: Iterable[str], state: str, route: str) -> asyncio.Future[None]:
        """Done when the hub has confirmed it, refused it for good, or `drop` was called."""
        loop = asyncio.get_running_loop()
        confirmed: asyncio.Future[None] = loop.create_future()
        batch = _Batch(dict.fromkeys(ids), state, route, [confirmed])
        if not batch.ids:
            confirmed.set_result(None)
            return confirmed
        self._keep(batch)
        if not self._flushing:
            self._flushing = True
            loop.call_soon(self._flush_turn)
        return confirmed

    def has(self, message_id: str) -> bool:
        """Whether the hub has still to be told, or to confirm, that this message was shown."""
        return any(batch.state == "shown" and message_id in batch.ids for batch in self._all())

    def attach(self, line: Line) -> None:
        """Registered on this connection: repeats what is not confirmed."""
        self._line = line
        self._flush()

    def detach(self) -> None:
        self._line = None

    def drop(self) -> None:
        """Another mailbox or ledger: nobody can confirm these any more."""
        batches = self._all()
        self._waiting.clear()
        self._under_way.clear()
        for batch in batches:
            _confirm(batch)

    async def settled(self, at_most: float) -> None:
        """Waits until what waits now is confirmed, or for so many seconds."""
        loop = asyncio.get_running_loop()
        confirmed = []
        for batch in self._all():
            future: asyncio.Future[None] = loop.create_future()
            batch.confirmed.append(future)
            confirmed.append(future)
        if confirmed:
            await asyncio.wait(confirmed, timeout=at_most)

    def _all(self) -> List[_Batch]:
        return [*self._waiting.values(), *self._under_way]

    def _keep(self, batch: _Batch) -> None:
        waiting = self._waiting.setdefault((batch.state, batch.route), batch)
        if waiting is not batch:
            waiting.ids.update(batch.ids)
            waiting.confirmed.extend(batch.confirmed)

    def _flush_turn(self) -> None:
        self._flushing = False
        self._flush()

    def _flush(self) -> None:
        if self._line is None:
            return
        batches = [piece for batch in self._waiting.values() for piece in _split(batch)]
        self._waiting.clear()
        for batch in batches:
            self._send(self._line, batch)

    def _send(self, line: Line, batch: _Batch) -> None:
        self._under_way.add(batch)
        params = {"ids": list(batch.ids), "state": batch.state, "route": batch.route}
        line.call("ack", params, lambda outcome: self._answered(batch, outcome))

    def _answered(self, batch: _Batch, outcome: Outcome) -> None:
        if batch not in self._under_way:
            # Dropped meanwhile: its waiters have been answered.
            return
        self._under_way.remove(batch)
        if isinstance(outcome, Lost):
            self._keep(batch)
        elif isinstance(outcome, Refused) and outcome.error.temporary:
            self._keep(batch)
            after_ms = outcome.error.retry_after_ms
            delay = self._retry if after_ms is None else after_ms / 1000
            asyncio.get_running_loop().call_later(delay, self._flush)
        else:
            _confirm(batch)


def _confirm(batch: _Batch) -> None:
    for future in batch.confirmed:
        if not future.done():
            future.set_result(None)


def _split(batch: _Batch) -> List[_Batch]:
    """Pieces that fit in one request; waiters are told with the last."""
    ids = list(batch.ids)
    starts = range(0, len(ids), ACK_IDS)
    return [
        replace(
            batch,
            ids=dict.fromkeys(ids[start : start + ACK_IDS]),
            confirmed=batch.confirmed if start == starts[-1] else [],
        )
        for start in starts
    ]
