"""Which name the scripts of this user go by, kept in the home: `python-session.json`, 0600."""

from __future__ import annotations

import json
import os
from typing import Dict, Mapping, Optional

from ..address import describe, hub_folder, parse_address
from ..errors import BellhopError
from ..keys import make_private_folder, write_draft
from ..names import is_valid_name
from ..settings import Settings

_SESSION_FILE_BYTES = 64 * 1024


def name_to_use(settings: Settings, wanted: Optional[str], environment: Mapping[str, str]) -> str:
    """`--as`, else BELLHOP_NAME, else what was registered last. Raises `BellhopError` where there is none."""
    name = wanted or environment.get("BELLHOP_NAME") or _read(settings).get(_hub(settings))
    if name is None:
        raise BellhopError(
            "not_registered",
            f"These scripts have no name yet at {_place(settings)}: names are kept for each hub.",
            "Run ipc_register.py NAME first, or say which name to use: --as NAME, or BELLHOP_NAME."
            + (" If you meant another hub, look at BELLHOP_URL." if settings.url else ""),
        )
    return name


def keep_name(settings: Settings, name: str) -> None:
    """For the next scripts of this user at this hub."""
    names = {**_read(settings), _hub(settings): name}
    file = _file(settings)
    try:
        make_private_folder(settings.home)
        os.replace(write_draft(file, json.dumps({"names": names}) + "\n"), file)
    except OSError as error:
        raise BellhopError(
            "internal",
            f"The name cannot be kept in {file} ({error.strerror or error}).",
            f"The name is registered all the same: use --as {name}, or make that folder writable.",
        ) from error


def _read(settings: Settings) -> Dict[str, str]:
    try:
        with open(_file(settings), encoding="utf-8") as file:
            names = json.loads(file.read(_SESSION_FILE_BYTES))["names"]
        return {hub: name for hub, name in names.items() if isinstance(name, str) and is_valid_name(name)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # Nothing that cannot be had again with one ipc_register.py.
        return {}


def _file(settings: Settings) -> str:
    return os.path.join(settings.home, "python-session.json")


def _hub(settings: Settings) -> str:
    """Names of two hubs have nothing to do with each other."""
    return hub_folder(settings) or ""


def _place(settings: Settings) -> str:
    return f"the hub {describe(parse_address(settings.url))}" if settings.url else "the hub of this user"
