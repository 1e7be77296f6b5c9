"""What this client is to the hub, kept over breaks. It never talks to the hub itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Dict, Mapping, Optional, Sequence, Tuple

from .answers import Attached, AutoCheck
from .inbox import Inbox
from .names import name_key


@dataclass(frozen=True)
class Wishes:
    """What the client asks for with every registration [P-13]."""

    window: int
    routes: Sequence[str]
    presence: bool

    def params(self) -> Dict[str, Any]:
        return {"window": self.window, "routes": list(self.routes), "presence": self.presence}


@dataclass(frozen=True)
class Registration:
    """The name that this client has, also while it is disconnected."""

    name: str
    auto_check: AutoCheck
    topics: Tuple[str, ...]


class Membership:
    def __init__(self, wishes: Wishes) -> None:
        self.inbox = Inbox()
        self.registration: Optional[Registration] = None
        self.token: Optional[str] = None
        """Bearer of the session. Never log it."""
        self._wishes = wishes

    def params(self) -> Dict[str, Any]:
        return self._wishes.params()

    def attached(self, attached: Attached, resumed: bool) -> str:
        """`resumed`: the same agent, whatever it is called now. What it gives is what `Inbox.attach` gives."""
        same_mailbox = resumed or self.is_named(attached.name)
        self.registration = Registration(attached.name, attached.auto_check, tuple(attached.topics))
        self.token = attached.session.token
        return self.inbox.attach(attached.epoch, attached.recovered, same_mailbox)

    def is_named(self, name: str) -> bool:
        return self.registration is not None and name_key(self.registration.name) == name_key(name)

    def renamed(self, name: str) -> None:
        if self.registration is not None:
            self.registration = replace(self.registration, name=name)

    def forget(self) -> None:
        self.registration = None
        self.token = None
        self.inbox.clear()

    def learn(self, method: str, params: Mapping[str, Any], result: Any) -> None:
        """Keeps up with what an answered request has changed, so that the next registration asks for the same."""
        if method == "reach":
            self._wishes = replace(self._wishes, routes=tuple(params["routes"]))
        if self.registration is None:
            return
        if method == "configure":
            self.registration = replace(self.registration, auto_check=result.auto_check)
        elif method in ("join", "leave"):
            others = tuple(topic for topic in self.registration.topics if name_key(topic) != name_key(result.topic))
            topics = (*others, result.topic) if method == "join" else others
            self.registration = replace(self.registration, topics=topics)
