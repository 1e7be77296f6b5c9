"""The methods that are one request to the hub, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Mapping, Optional, Sequence

from .answers import Agents, Configured, Fetched, History, Joined, Left, Reached, Receipts, Status
from .failures import expect

PLAIN_METHODS = frozenset(
    ("fetch", "list", "join", "leave", "history", "receipts", "configure", "reach", "status")
)


class HubMethods:
    """
    What `AsyncClient` has besides its own. The hub is asked once: where the connection breaks before the
    answer, `hub_unreachable` says so.
    """

    async def request(self, method: str, params: Mapping[str, Any], *, timeout: Optional[float] = None) -> Any:
        """A method of PROTOCOL.md, with its parameters as they are called there. What it gives is in `answers`."""
        raise NotImplementedError

    async def fetch(self, *, after: int = 0, limit: int = 50, timeout: Optional[float] = None) -> Fetched:
        """Looks at unread mail without changing anything."""
        answer: Fetched = await self.request("fetch", {"after": after, "limit": limit}, timeout=timeout)
        return answer

    async def list(self, *, after: Optional[str] = None, limit: int = 50, timeout: Optional[float] = None) -> Agents:
        """Who is registered, by name."""
        answer: Agents = await self.request("list", _given(after=after, limit=limit), timeout=timeout)
        return answer

    async def join(self, topic: str, *, timeout: Optional[float] = None) -> Joined:
        """Gets what is sent to the topic (`#…`) from now on."""
        answer: Joined = await self.request("join", {"topic": topic}, timeout=timeout)
        return answer

    async def leave(self, topic: str, *, timeout: Optional[float] = None) -> Left:
        """Gets no more of it. What had already come stays readable."""
        answer: Left = await self.request("leave", {"topic": topic}, timeout=timeout)
        return answer

    async def history(
        self,
        *,
        with_: Optional[str] = None,
        thread: Optional[str] = None,
        before: Optional[int] = None,
        limit: int = 50,
        timeout: Optional[float] = None,
    ) -> History:
        """Messages that this agent sent or received, newest first; with one name or topic, or of one thread."""
        params = _given(thread=thread, before=before, limit=limit, **{"with": with_})
        answer: History = await self.request("history", params, timeout=timeout)
        return answer

    async def receipts(
        self,
        *,
        id: Optional[str] = None,
        before: Optional[int] = None,
        limit: int = 50,
        timeout: Optional[float] = None,
    ) -> Receipts:
        """What became of messages that this agent sent, newest first."""
        answer: Receipts = await self.request("receipts", _given(id=id, before=before, limit=limit), timeout=timeout)
        return answer

    async def configure(self, *, enabled: bool, minutes: int = 0, timeout: Optional[float] = None) -> Configured:
        """Stores how this agent wants to be told of new mail: off, at once (0), or once in so many minutes."""
        params = {"autoCheck": {"enabled": enabled, "minutes": minutes}}
        answer: Configured = await self.request("configure", params, timeout=timeout)
        return answer

    async def reach(self, routes: Sequence[str], *, timeout: Optional[float] = None) -> Reached:
        """Says by which routes mail reaches this agent from now on."""
        expect(routes, Iterable, "routes must be a list of texts")
        answer: Reached = await self.request("reach", {"routes": [*routes]}, timeout=timeout)
        return answer

    async def status(self, *, timeout: Optional[float] = None) -> Status:
        """The hub, and this agent as the hub sees it."""
        answer: Status = await self.request("status", {}, timeout=timeout)
        return answer


def _given(**params: Any) -> Mapping[str, Any]:
    return {name: value for name, value in params.items() if value is not None}
