"""How long this client waits for what. All in seconds; tests hand in shorter ones."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    handshake: float = 10.0
    """From dialling to the hub's answer to hello: twice what the hub allows itself."""
    pong: float = 8.0
    """That a hub may take for a pong before it counts as dead."""
    answer: float = 10.0
    """For the hub's answer to a resume; after that the connection counts as broken."""
    closing: float = 1.0
    """For the closing handshake; then the socket is cut."""
    last_acks: float = 0.5
    """That closing waits for acknowledgements to be confirmed."""
    patience: float = 15.0
    """That a call may take when its caller says nothing."""
    discouraged: float = 3.0
    """The same, where several attempts in a row have not reached the hub."""
    transfer: float = 60.0
    """That an upload or a download may take when its caller says nothing."""
    retry: float = 0.5
    """Before a transfer that failed by itself, or an acknowledgement that the hub could not store, is repeated."""
    steady: float = 1.0
    """For which a connection must have served before the next loss counts as the first again."""
