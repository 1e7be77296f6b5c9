"""Takes the name back on a new connection [P-12]."""

from __future__ import annotations

import asyncio
from typing import Any, Callable, Dict, Optional

from .answers import Attached
from .calls import Answered, Lost, Outcome, Refused
from .connection import Connection
from .errors import BellhopError
from .keys import Keys
from .membership import Membership


def return_to(
    connection: Connection,
    membership: Membership,
    keys: Keys,
    within: float,
    attached: Callable[[Attached, bool], None],
    refused: Callable[[BellhopError], None],
) -> None:
    """
    Resumes the session, or registers with the stored key where the session is no more. A refusal that
    will pass costs the connection, and so comes back as an ordinary loss. `attached` (with whether it
    resumed) or `refused` (for good: the name is not this client's any more) is called at most once.
    """
    registration = membership.registration
    if registration is None:
        return
    alarm = asyncio.get_running_loop().call_later(within, connection.drop, "it did not answer in time")

    def register() -> None:
        try:
            key = keys.obtain(registration.name).key
        except BellhopError as error:
            alarm.cancel()
            return refused(error)
        params = {"name": registration.name, "key": key, **membership.params()}
        connection.call("register", params, lambda outcome: settle(outcome, False))

    def settle(outcome: Outcome, resumed: bool) -> None:
        if isinstance(outcome, Refused) and resumed and outcome.error.reason == "session_invalid":
            return register()
        alarm.cancel()
        if isinstance(outcome, Lost):
            return
        if isinstance(outcome, Answered):
            return attached(outcome.result, resumed)
        error = outcome.error
        if not error.temporary:
            return refused(error)
        connection.drop(error, (error.retry_after_ms or 0) / 1000)

    connection.call("resume", _resume_params(membership), lambda outcome: settle(outcome, True))


def _resume_params(membership: Membership) -> Dict[str, Any]:
    position = membership.inbox.position
    reached: Optional[Dict[str, Any]] = {"epoch": position.epoch, "seq": position.seq} if position else None
    return {
        "session": membership.token,
        **({"position": reached} if reached else {}),
        **membership.params(),
    }
