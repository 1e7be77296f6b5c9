"""challenge, hello, and the check of the hub's proof [P-3]."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Dict, Optional, Union

from .codec import Challenge
from .errors import BellhopError
from .failures import not_genuine, refused_here
from .secret import is_same_proof, make_nonce, prove
from .version import SOFTWARE_VERSION


@dataclass(frozen=True)
class Hello:
    params: Dict[str, Any]
    is_genuine: Callable[[Optional[str]], bool]
    """Checks the proof in the hub's answer. Before it holds, no key may be sent."""


@dataclass(frozen=True)
class Refuse:
    error: BellhopError


def answer_challenge(challenge: Challenge, program: str, secret: Optional[str], local: bool) -> Union[Hello, Refuse]:
    """What to answer to a challenge, or why this hub gets no answer."""
    nonce = make_nonce()
    hello: Dict[str, Any] = {"client": {"name": program[:64], "version": SOFTWARE_VERSION}, "nonce": nonce}
    if challenge.auth == "open":
        # A hub may be open on loopback only: an open one elsewhere is somebody else's.
        if not local:
            return Refuse(not_genuine("it asks for no proof, and it is not on this machine"))
        return Hello(hello, lambda proof: True)
    if secret is None:
        return Refuse(refused_here("authentication_failed", "The hub wants a proof, and there is no secret here."))
    expected = prove(secret, "hub", challenge.nonce, nonce)
    proof = prove(secret, "client", challenge.nonce, nonce)
    return Hello({**hello, "proof": proof}, lambda given: is_same_proof(expected, given))
