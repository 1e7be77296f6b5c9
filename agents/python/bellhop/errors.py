"""The error of this package, and the table of the wire [P-5]."""

from __future__ import annotations

from typing import Any, Dict, Mapping, NamedTuple, Optional


class BellhopError(Exception):
    """
    What went wrong. `message` says what happened, `next` what to do now; match on `reason`. `temporary`:
    the same call may succeed later, after `retry_after_ms` where the hub says so.
    """

    def __init__(
        self,
        reason: str,
        message: str,
        next: str,
        temporary: bool = False,
        retry_after_ms: Optional[float] = None,
        details: Optional[Mapping[str, Any]] = None,
    ) -> None:
        super().__init__(reason, message, next, temporary, retry_after_ms, details)
        self.reason = reason
        self.message = message
        self.next = next
        self.temporary = temporary
        self.retry_after_ms = retry_after_ms
        self.details = details

    def __str__(self) -> str:
        return f"{self.message} {self.next}"


class ErrorRow(NamedTuple):
    temporary: bool
    message: str
    next: str


REASONS: Dict[str, ErrorRow] = {
    "parse_error": ErrorRow(
        False,
        "The frame is not JSON.",
        "Send one JSON-RPC 2.0 object in each text frame.",
    ),
    "invalid_request": ErrorRow(
        False,
        "The frame is not a JSON-RPC 2.0 request.",
        'Send {"jsonrpc":"2.0","id":…,"method":…,"params":{…}}; batches are not supported.',
    ),
    "method_not_found": ErrorRow(
        False,
        "There is no such method.",
        "Use a method of protocol/PROTOCOL.md, spelled exactly.",
    ),
    "invalid_params": ErrorRow(
        False,
        "The parameters do not fit the method.",
        'Correct what the message names, and send the request again.',
    ),
    "internal": ErrorRow(
        True,
        "The hub failed while it handled this request; nothing was changed by it.",
        "Try again; if it goes on, look at the hub's log for the reference in this error.",
    ),
    "not_authenticated": ErrorRow(
        False,
        "This connection has not authenticated.",
        "Answer the challenge with hello before anything else.",
    ),
    "authentication_failed": ErrorRow(
        False,
        "The proof does not fit: the secret here is not the secret of the hub.",
        "Give this program the hub's secret: run it as the same user, or set BELLHOP_SECRET to the content of the file named secret in the hub's home.",
    ),
    "not_registered": ErrorRow(
        False,
        "This connection has no name yet.",
        'Register a name first (register {"name": "…"}).',
    ),
    "name_invalid": ErrorRow(
        False,
        "That is not a valid name.",
        'Use 1 to 32 letters, digits, "-" or "_" (a topic has "#" before them), for example "rose-2".',
    ),
    "name_reserved": ErrorRow(
        False,
        "That name is reserved.",
        "Choose another name; to reach everyone, send to the topic #all (broadcast).",
    ),
    "name_taken": ErrorRow(
        False,
        "That name belongs to somebody else.",
        "Choose another name. Only the holder of the key that registered it first can use it.",
    ),
    "name_in_use": ErrorRow(
        False,
        "That name is yours, and another live session is using it.",
        "Choose another name, or close the other session. takeOver: true disconnects it: only if your user asks for that.",
    ),
    "session_invalid": ErrorRow(
        False,
        "The session is unknown, revoked or older than its lifetime.",
        "Register again with the name and its key.",
    ),
    "mailbox_full": ErrorRow(
        True,
        "The mailbox of the recipient is full. Nothing was stored.",
        "Wait until the recipient has read its mail, then send again; receipts shows what it has not read.",
    ),
    "no_recipients": ErrorRow(
        False,
        "Nobody but you would get this. Nothing was stored.",
        "Look up who is registered, and send to one of them; mail to a single name waits even if it is not registered yet.",
    ),
    "rate_limited": ErrorRow(
        True,
        "Too many requests of this kind.",
        "Wait for the time in retryAfterMs, then send the same request again.",
    ),
    "rename_too_soon": ErrorRow(
        True,
        "This agent was renamed a short time ago.",
        "Keep the present name, or try again when the time is over.",
    ),
    "message_unknown": ErrorRow(
        False,
        "There is no such message among those you sent or received.",
        "Take the id from a message that you were shown, or from history.",
    ),
    "blob_unknown": ErrorRow(
        False,
        "There is no such blob, or it is not addressed to you.",
        "Take the handle from a message that you received, or upload the body again.",
    ),
    "too_large": ErrorRow(
        False,
        "That is larger than the hub accepts.",
        "Upload bodies up to 16 MiB as a blob; above that, write a file and send its path. Structured data may take 10 KiB.",
    ),
    "too_many_topics": ErrorRow(
        False,
        "This agent has joined as many topics as it may.",
        "Leave a topic that you do not need, then join again.",
    ),
    "topic_fixed": ErrorRow(
        False,
        "Everyone who is registered belongs to #all; it cannot be joined or left.",
        "Use another topic.",
    ),
    "storage_unavailable": ErrorRow(
        True,
        "The hub cannot write to its disk, so nothing was accepted. What it had accepted before is safe.",
        "Free space on the disk of the hub's home or mend it, then send again; reading goes on meanwhile.",
    ),
    "shutting_down": ErrorRow(
        True,
        "The hub is shutting down. The request was not carried out.",
        "Connect again after a moment and send the same request again.",
    ),
    "too_many_in_flight": ErrorRow(
        True,
        "This connection has too many unanswered requests.",
        "Wait for answers before you send more.",
    ),
}
"""Every reason that a hub gives. `protocol/errors.ts` is the source; a test holds this table against it."""
