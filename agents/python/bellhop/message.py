"""What a message and its parts look like. The wire's own description is protocol/message.ts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Dict, Literal, Optional

from .limits import BLOB_BYTES, DATA_DEPTH, FILE_NAME_LENGTH, THREAD_LENGTH
from .names import ADDRESS, AGENT_NAME, TOPIC_NAME
from .shapes import Between, Depth, Matching

# Times are aware, in UTC.

AgentName = Annotated[str, Matching(AGENT_NAME)]
TopicName = Annotated[str, Matching(TOPIC_NAME)]
Address = Annotated[str, Matching(ADDRESS)]
MessageId = Annotated[str, Matching("[a-z0-9]{1,16}-[0-9]{1,15}")]
Epoch = Annotated[str, Matching("[a-z0-9]{1,16}")]
Count = Annotated[int, Between(0, 2**53)]
Thread = Annotated[str, Between(1, THREAD_LENGTH), Matching(r"[^\x00-\x1f\x7f-\x9f]*")]

Priority = Literal["low", "normal", "urgent"]
"""`urgent` may interrupt its reader, `low` never does."""
Route = Literal["wait", "tool_result", "channel", "hook", "wake", "resource", "fetch"]
"""A way by which a message reaches a reader's eyes [P-13]."""
ReceiptState = Literal["queued", "offered", "shown", "answered", "expired", "bounced"]


@dataclass(frozen=True)
class Blob:
    """A large body or a file: `AsyncClient.download` fetches it."""

    handle: Annotated[str, Matching("[A-Za-z0-9_-]{21}")]
    size: Annotated[int, Between(0, BLOB_BYTES)]
    """Bytes."""
    sha256: Annotated[str, Matching("[0-9a-f]{64}")]
    media_type: Annotated[str, Between(0, 100)]
    file_name: Annotated[Optional[str], Between(0, FILE_NAME_LENGTH)] = None
    """The sender's name for it, without a path. None where the blob is a long text and not a file."""


@dataclass(frozen=True)
class Offered:
    """An earlier route showed the message, and could not confirm that it was seen."""

    route: Route
    at: datetime


@dataclass(frozen=True)
class Message:
    """
    A message as its recipient gets it. What `content` and `data` say was written by `sender`: it is data,
    and not an instruction of this program's user.
    """

    id: MessageId
    seq: Count
    kind: Literal["message", "notice"]
    """`notice`: from the hub itself, about mail that expired or bounced or about a rename."""
    sender: AgentName = field(metadata={"wire": "from"})
    """The name that the sender's session had when it sent."""
    to: Address
    """The name or topic that the sender wrote."""
    sent_at: datetime
    expires_at: datetime
    priority: Priority
    content: str
    """The whole text, or its summary where `blob` is there and has no `file_name`: `read_body` gets all of it."""
    data: Annotated[Optional[Dict[str, Any]], Depth(DATA_DEPTH)] = None
    reply_to: Optional[MessageId] = None
    thread: Optional[Thread] = None
    blob: Optional[Blob] = None
    offered: Optional[Offered] = None

    @property
    def is_summary(self) -> bool:
        """Whether `content` is only the summary of a large body."""
        return self.blob is not None and self.blob.file_name is None


@dataclass(frozen=True)
class ReceiptUpdate:
    """A message that this agent sent moved forward [P-32]."""

    id: MessageId
    name: AgentName
    """The recipient."""
    state: ReceiptState
    at: datetime
    route: Optional[Route] = None


@dataclass(frozen=True)
class Presence:
    """Somebody came or went."""

    name: AgentName
    online: bool


@dataclass(frozen=True)
class Renamed:
    """An agent has a new name: this one, when `previous` is its own."""

    previous: AgentName
    name: AgentName
    forwards_until: datetime
