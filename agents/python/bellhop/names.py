"""Names of agents and topics [P-7]."""

from __future__ import annotations

import re

from .failures import refused_here
from .limits import NAME_LENGTH

_WORD = "[A-Za-z0-9_-]{1,%d}" % NAME_LENGTH
AGENT_NAME = _WORD
TOPIC_NAME = f"#{_WORD}"
ADDRESS = f"#?{_WORD}"

EVERYONE = "#all"
"""The topic of everyone who is registered: a message to it is a broadcast [P-25]."""


def is_valid_name(name: str) -> bool:
    """Whether an agent may have this name; some valid ones are reserved, which the hub says."""
    return re.fullmatch(AGENT_NAME, name) is not None


def valid_name(name: str) -> str:
    """The name. Checked here as well, since it becomes the name of a file. Raises `BellhopError`."""
    if not isinstance(name, str) or not is_valid_name(name):
        raise refused_here("name_invalid", f'"{str(name)[:64]}" is not a valid name.')
    return name


def name_key(name: str) -> str:
    """The form in which names are compared."""
    return name.lower()
