"""What the hub answers, method by method. The wire's own description is protocol/methods.ts and answers.ts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, List, Literal, Optional

from .limits import AUTO_CHECK_MINUTES_MAX
from .message import Address, AgentName, Count, Epoch, Message, MessageId, ReceiptState, Route, TopicName
from .shapes import Between, Matching

_PROOF = "[0-9a-f]{64}"


@dataclass(frozen=True)
class HubLimits:
    inline_bytes: int
    """A body up to so many bytes travels in the message itself."""
    frame_bytes: int
    blob_bytes: int
    ping_ms: int
    """Milliseconds between two pings of the hub."""


@dataclass(frozen=True)
class HubVersion:
    version: str
    revision: int


@dataclass(frozen=True)
class Welcome:
    """The answer to hello."""

    hub: HubVersion
    limits: HubLimits
    proof: Annotated[Optional[str], Matching(_PROOF)] = None


@dataclass(frozen=True)
class Session:
    token: str
    expires_at: datetime

    def __repr__(self) -> str:
        """Without the token: results end up in logs."""
        return f"Session(expires_at={self.expires_at!r})"


@dataclass(frozen=True)
class AutoCheck:
    enabled: bool
    minutes: Annotated[int, Between(0, AUTO_CHECK_MINUTES_MAX)]
    """0: told at once. Otherwise once in so many minutes."""


@dataclass(frozen=True)
class Attached:
    """A registration [P-12]."""

    name: AgentName
    session: Session
    epoch: Epoch
    recovered: bool
    waiting: Count
    """Unread messages in all, those that the client already holds among them."""
    topics: List[TopicName]
    auto_check: AutoCheck
    created: bool
    """The name was registered for the first time."""


@dataclass(frozen=True)
class Outlook:
    """
    How and when the recipient will see a message [P-23]. `online`: `routes`, `auto_check`. `away`: `since`,
    `waits_until`. `unregistered`: `waits_until`, `did_you_mean`. `topic`: `recipients`, `online`, `bounced`.
    What does not belong to the kind is None.
    """

    kind: Literal["online", "away", "unregistered", "topic"]
    name: Address
    routes: Optional[List[Route]] = None
    auto_check: Optional[AutoCheck] = None
    since: Optional[datetime] = None
    waits_until: Optional[datetime] = None
    did_you_mean: Optional[List[AgentName]] = None
    forwarded_from: Optional[AgentName] = None
    recipients: Optional[Count] = None
    online: Optional[Count] = None
    bounced: Optional[Count] = None


@dataclass(frozen=True)
class Sent:
    """The message is on the hub's disk."""

    id: MessageId
    seq: Count
    sent_at: datetime
    duplicate: bool
    """An earlier request with the same client id had stored it already."""
    outlook: Outlook


@dataclass(frozen=True)
class Acknowledged:
    settled: Count
    waiting: Count
    """Unread messages that are left."""


@dataclass(frozen=True)
class Fetched:
    epoch: Epoch
    messages: List[Message]
    more: bool
    """Ask again with `after` = the last `seq`."""


@dataclass(frozen=True)
class Agent:
    name: AgentName
    online: bool
    routes: List[Route]
    last_seen_at: datetime


@dataclass(frozen=True)
class Agents:
    agents: List[Agent]
    total: Count
    online: Count
    more: bool
    """Ask again with `after` = the last name."""


@dataclass(frozen=True)
class RenameDone:
    name: AgentName
    previous: AgentName
    forwards_until: datetime


@dataclass(frozen=True)
class Joined:
    topic: TopicName
    members: Count
    joined: bool


@dataclass(frozen=True)
class Left:
    topic: TopicName
    left: bool


@dataclass(frozen=True)
class History:
    messages: List[Message]
    more: bool
    """Ask again with `before` = the last `seq`."""


@dataclass(frozen=True)
class ReceiptStep:
    state: ReceiptState
    at: datetime
    route: Optional[Route] = None


@dataclass(frozen=True)
class RecipientReceipt:
    name: AgentName
    state: ReceiptState
    steps: List[ReceiptStep]


@dataclass(frozen=True)
class Receipt:
    """What became of one message [P-32]."""

    id: MessageId
    to: Address
    sent_at: datetime
    excerpt: str
    recipients: List[RecipientReceipt]
    queued: Count
    """Recipients of a topic for whom nothing has happened yet."""


@dataclass(frozen=True)
class Receipts:
    receipts: List[Receipt]
    more: bool


@dataclass(frozen=True)
class Configured:
    auto_check: AutoCheck


@dataclass(frozen=True)
class Released:
    name: AgentName
    bounced: Count


@dataclass(frozen=True)
class Reached:
    """The hub knows the routes."""


@dataclass(frozen=True)
class HubStatus:
    version: str
    epoch: Epoch
    started_at: datetime
    now: datetime
    connections: int
    agents: int
    online: int
    writable: bool
    """False while the disk refuses writes."""


@dataclass(frozen=True)
class AgentStatus:
    name: AgentName
    waiting: int
    topics: List[TopicName]
    auto_check: AutoCheck
    session_expires_at: datetime


@dataclass(frozen=True)
class Status:
    hub: HubStatus
    agent: Optional[AgentStatus] = None
    """None where this client has no name."""
