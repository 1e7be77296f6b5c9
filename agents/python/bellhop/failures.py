"""What can go wrong on this side, as errors with a next step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional, Tuple, Union

from .errors import REASONS, BellhopError

if TYPE_CHECKING:
    from .address import Endpoint
    from .codec import WireError


def refusal(error: WireError) -> BellhopError:
    """A refusal by the hub. A reason that this revision does not know reads as `internal`."""
    data = error.data
    if data is None:
        return BellhopError("internal", error.message, REASONS["internal"].next)
    reason = data.reason if data.reason in REASONS else "internal"
    return BellhopError(reason, error.message, data.next, data.temporary, data.retry_after_ms, data.details)


def refused_here(reason: str, message: Optional[str] = None) -> BellhopError:
    """What the hub would refuse with this row of its table, refused here already."""
    row = REASONS[reason]
    return BellhopError(reason, message or row.message, row.next, row.temporary)


def expect(value: object, kind: Union[type, Tuple[type, ...]], sentence: str) -> None:
    """Raises `BellhopError`, with the sentence, where the value is of another kind."""
    if not isinstance(value, kind):
        raise refused_here("invalid_params", f"{sentence}; this is of type {type(value).__name__}.")


def unreachable(endpoint: Optional[Endpoint], problem: str, nobody_there: bool = False) -> BellhopError:
    """`endpoint` None: before there is one. `nobody_there`: no program listens there."""
    from .address import describe, is_local

    where = f"The hub at {describe(endpoint)}" if endpoint else "The hub"
    if endpoint is not None and not is_local(endpoint):
        following = (
            "Try again in a moment; this program goes on connecting by itself. If it lasts, check BELLHOP_URL, "
            "that a hub runs on that machine, and the network between."
        )
    elif nobody_there:
        following = "Run `bellhop up` to start the hub (that needs Node), then try again."
    else:
        following = (
            "Try again in a moment; this program goes on connecting by itself. If it lasts, look at hub.log in "
            "the hub's home, and check BELLHOP_URL if it is set."
        )
    return BellhopError("hub_unreachable", f"{where} cannot be reached: {problem}.", following, temporary=True)


def unanswered(method: str, cause: BellhopError) -> BellhopError:
    """A request that was written, and whose answer did not come."""
    return BellhopError(
        "hub_unreachable",
        f'The hub has not answered "{method}"; it may have been carried out. {cause.message}',
        "Ask for the present state (status, list, history), then repeat the request if it is still wanted.",
        temporary=True,
    )


def not_genuine(problem: str) -> BellhopError:
    return BellhopError(
        "hub_not_genuine",
        f"What answers is not the hub that this program trusts: {problem}. Nothing was sent to it.",
        "Check BELLHOP_URL and BELLHOP_PORT, and that the secret here is the one in the hub's home; then start "
        "this program again.",
    )


def misunderstood(problem: str) -> BellhopError:
    return BellhopError(
        "protocol_mismatch",
        f"This program and the hub do not understand each other: {problem}.",
        "Bring both to the same version of Bellhop, then start this program again.",
    )


def closed_by_owner() -> BellhopError:
    return BellhopError("closed", "This client was closed.", "Create a new client to go on.")


def not_started() -> BellhopError:
    return BellhopError(
        "closed",
        "This client was not started.",
        "Use it in a with statement, or call start() first.",
    )


def not_sent(to: str, why: str) -> BellhopError:
    return BellhopError(
        "not_sent",
        f"The message to {to} was not sent; no hub has seen it. {why}",
        "Nothing was stored. Send it again when the hub can be reached: `bellhop up` starts one on this machine.",
        temporary=True,
        details={"to": to},
    )


def unconfirmed(to: str, client_id: str, why: str) -> BellhopError:
    return BellhopError(
        "unconfirmed",
        f"The message to {to} was handed to the hub, which has not confirmed it: it may be stored, or not. {why}",
        "Look for it in receipts first. Send it again only if it is not there; otherwise its reader may get it twice.",
        temporary=True,
        details={"to": to, "clientId": client_id},
    )


def no_answer(to: str, message_id: str, seconds: float) -> BellhopError:
    return BellhopError(
        "no_answer",
        f"{to} has not answered {message_id} within {seconds:g} s. The question was delivered to the hub and stays.",
        f'Ask receipts for "{message_id}": it says whether the question was seen. The answer arrives as a message.',
        temporary=True,
        details={"to": to, "id": message_id},
    )
