"""Settings from the environment, the same variables as every other program of Bellhop."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Mapping, Optional

DEFAULT_PORT = 9870


@dataclass(frozen=True)
class Settings:
    """Where the hub is, and what this program knows of it."""

    url: Optional[str]
    """BELLHOP_URL: ws://host:port, wss://host or unix:/path; absent: the hub of this user on this machine."""
    home: str
    """BELLHOP_HOME: the folder of the hub's socket and secret, and of this user's keys."""
    port: int
    """BELLHOP_PORT: TCP port of the local hub, where it can have no socket."""
    secret: Optional[str]
    """BELLHOP_SECRET or IPC_SHARED_SECRET: what this program and the hub prove to each other that they know."""

    def __repr__(self) -> str:
        """Without the secret: settings end up in logs."""
        return f"Settings(url={self.url!r}, home={self.home!r}, port={self.port})"


def read_settings(environment: Optional[Mapping[str, str]] = None) -> Settings:
    """Reads the environment, by default that of the process. A port that is none reads as the default."""
    given = os.environ if environment is None else environment
    return Settings(
        url=given.get("BELLHOP_URL") or None,
        home=given.get("BELLHOP_HOME") or os.path.join(os.path.expanduser("~"), ".bellhop"),
        port=_port(given.get("BELLHOP_PORT", "")),
        secret=given.get("BELLHOP_SECRET") or given.get("IPC_SHARED_SECRET") or None,
    )


def _port(text: str) -> int:
    port = int(text) if re.fullmatch(r"[0-9]{1,5}", text.strip()) else 0
    return port if 0 < port < 65_536 else DEFAULT_PORT
