"""Why a hub closes a connection, and whether to connect again [P-6]."""

from __future__ import annotations

from typing import Dict, NamedTuple, Optional

from .errors import REASONS, BellhopError
from .failures import misunderstood


class CloseRow(NamedTuple):
    reason: str
    meaning: str


CLOSE_CODES: Dict[int, CloseRow] = {
    4000: CloseRow("going_away", "the hub is shutting down or restarting"),
    4001: CloseRow("slow", "the client read too slowly; its mail is still in its mailbox"),
    4002: CloseRow("unresponsive", "a ping was not answered in time"),
    4003: CloseRow("overloaded", "the hub has as many connections as it may"),
    4004: CloseRow("handshake_timeout", "no valid hello came in time"),
    4005: CloseRow("storage_failed", "the hub could not read its storage"),
    4500: CloseRow("bad_frame", "before hello: not a JSON-RPC request in a text frame"),
    4501: CloseRow("handshake_too_large", "more bytes than a hello may take"),
    4502: CloseRow("unsupported_protocol", "the client asked for a protocol that the hub does not speak"),
    4503: CloseRow("authentication_failed", "the proof in hello was wrong"),
    4504: CloseRow("hello_expected", "the first request was not hello"),
    4505: CloseRow("taken_over", "the owner of the name continued in another session"),
    4506: CloseRow("revoked", "the session was revoked or the name released"),
}


def may_reconnect(code: int) -> bool:
    """Whether a client should connect again after this close code. Codes below 4000 are the network's: yes."""
    return code < 4500


def final_close(code: int, text: str) -> Optional[BellhopError]:
    """Why this close ends the client for good; None where it may connect again."""
    if may_reconnect(code):
        return None
    row = CLOSE_CODES.get(code)
    meaning = row.meaning if row else text or f"close code {code}"
    reason = row.reason if row else ""
    if reason == "authentication_failed":
        message = f"The hub closed the connection for good: {meaning}."
        return BellhopError(reason, message, REASONS[reason].next)
    if reason == "taken_over":
        return BellhopError(
            reason,
            "Another session has taken over the name that this one had. Mail for it goes there now.",
            "Register another name to go on here; take_over=True takes the name back, which disconnects the "
            "other session: only if your user asks for that.",
        )
    if reason == "revoked":
        return BellhopError(
            reason,
            "The session of this program was revoked, or its name was given up.",
            "Register a name to go on here.",
        )
    return misunderstood(meaning)


def is_loss_of_name(cause: Optional[BellhopError]) -> bool:
    """The name is lost and nothing else: a registration can start the client again."""
    return cause is not None and cause.reason in ("taken_over", "revoked")
