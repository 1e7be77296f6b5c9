"""The hub's secret, and the proofs that it is known [P-3]."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from typing import Optional

from .settings import Settings
from .version import PROTOCOL_NAME


def read_secret(settings: Settings) -> Optional[str]:
    """
    For the hub of this home, the file there, which holds what is in force whatever this program's
    environment says; for another, what the environment says. Read at each attempt, since the hub makes
    the file at its first start. None where there is none. Never log it.
    """
    if settings.url is None:
        return _secret_file(settings.home) or settings.secret
    return settings.secret or _secret_file(settings.home)


def _secret_file(home: str) -> Optional[str]:
    try:
        with open(os.path.join(home, "secret"), encoding="utf-8", errors="replace") as file:
            return file.read().strip() or None
    except OSError:
        return None


def make_nonce() -> str:
    """This side's contribution to the proofs of one connection: 144 random bits."""
    return secrets.token_urlsafe(18)


def prove(secret: str, role: str, hub_nonce: str, client_nonce: str) -> str:
    """HMAC-SHA-256 over the four lines of [P-3], hexadecimal. `role` is `client` or `hub`."""
    text = "\n".join((PROTOCOL_NAME, role, hub_nonce, client_nonce))
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def is_same_proof(expected: str, given: Optional[str]) -> bool:
    """Compares in constant time."""
    return hmac.compare_digest(expected.encode(), (given or "").encode())
