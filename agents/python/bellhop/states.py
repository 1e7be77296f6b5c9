"""What a client is doing. Each state holds only its own data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Optional, Union

from .errors import BellhopError


@dataclass(frozen=True)
class Idle:
    kind: ClassVar[str] = "idle"


@dataclass(frozen=True)
class Connecting:
    attempt: int
    kind: ClassVar[str] = "connecting"


@dataclass(frozen=True)
class Authenticating:
    kind: ClassVar[str] = "authenticating"


@dataclass(frozen=True)
class Ready:
    """Authenticated, without a name. `cause`: why a name that this client had is gone."""

    cause: Optional[BellhopError] = None
    kind: ClassVar[str] = "ready"


@dataclass(frozen=True)
class Registered:
    name: str
    kind: ClassVar[str] = "registered"


@dataclass(frozen=True)
class Waiting:
    """For the next attempt, `delay` seconds after the loss."""

    delay: float
    attempt: int
    cause: BellhopError
    kind: ClassVar[str] = "waiting"


@dataclass(frozen=True)
class Closed:
    """
    No other attempt follows. Without a `cause`: closed by its owner, for good. With `taken_over` or
    `revoked` only the name is lost: `register` starts the client again. With any other cause, another
    attempt would not change anything.
    """

    cause: Optional[BellhopError] = None
    kind: ClassVar[str] = "closed"


ClientState = Union[Idle, Connecting, Authenticating, Ready, Registered, Waiting, Closed]
