"""
The keys that own this user's names [P-10]: a 0600 file for each name, in a 0700 folder for each hub. The
TypeScript client keeps them in the same files, so a name is the same name from either.
"""

from __future__ import annotations

import os
import re
import secrets
from typing import Callable, NamedTuple, Optional

from .errors import BellhopError
from .names import name_key

_KEY_FILE_BYTES = 1024
_WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{43}")


class ObtainedKey(NamedTuple):
    key: str
    made: bool
    """Just now."""


class Keys:
    """
    Keys in `<home>/keys`, or in a folder below it for a hub that is not the local default: names of two
    hubs have nothing to do with each other, and a hub must not learn the key of a name on another one.
    `hub` gives that folder's name. Raises `BellhopError`.
    """

    def __init__(self, home: str, hub: Callable[[], Optional[str]]) -> None:
        self._home = home
        self._hub = hub

    def obtain(self, name: str) -> ObtainedKey:
        """The key of a valid name, made at first use."""
        file = self._file_of(name)
        try:
            held = _read(file)
            if held is not None:
                return ObtainedKey(held, False)
            make_private_folder(os.path.dirname(file))
            made = _publish(file)
            return ObtainedKey(_read(file) or "", made)
        except OSError as error:
            raise _unusable(file, error) from error

    def move(self, previous: str, name: str) -> None:
        """After a rename. A key that the new name had here before is void, and replaced."""
        if name_key(previous) == name_key(name):
            return
        file = self._file_of(previous)
        try:
            if _read(file) is not None:
                os.replace(file, self._file_of(name))
        except OSError as error:
            raise _unusable(file, error) from error

    def remove(self, name: str) -> None:
        file = self._file_of(name)
        try:
            os.unlink(file)
        except FileNotFoundError:
            pass
        except OSError as error:
            raise _unusable(file, error) from error

    def _file_of(self, name: str) -> str:
        return os.path.join(self._home, "keys", self._hub() or "", name_key(name))


def make_private_folder(path: str) -> None:
    """With its parents, as far as they are missing: all of them 0700."""
    if os.path.isdir(path):
        return
    make_private_folder(os.path.dirname(os.path.abspath(path)))
    try:
        os.mkdir(path, 0o700)
    except FileExistsError:
        if not os.path.isdir(path):
            raise


def write_draft(file: str, content: str) -> str:
    """Writes a 0600 file beside the one that is meant, to be put in its place whole. Gives its path."""
    draft = f"{file}.{os.getpid()}.{secrets.token_hex(6)}"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as output:
        output.write(content)
    return draft


def _publish(file: str) -> bool:
    """
    A new key under its final name, whole or not at all: written beside it and then linked, so that of
    two processes that start at once the first one's key stands, and both read the same. False for the
    second.
    """
    draft = write_draft(file, secrets.token_urlsafe(32))
    try:
        os.link(draft, file)
        return True
    except FileExistsError:
        return False
    finally:
        os.unlink(draft)


def _read(file: str) -> Optional[str]:
    try:
        with open(file, encoding="utf-8", errors="replace") as handle:
            key = handle.read(_KEY_FILE_BYTES).strip()
    except FileNotFoundError:
        return None
    if _WELL_FORMED.fullmatch(key):
        return key
    raise BellhopError(
        "internal",
        f"The key in {file} is damaged.",
        "Restore that file from a backup; or delete it and register under another name.",
    )


def _unusable(file: str, error: OSError) -> BellhopError:
    return BellhopError(
        "internal",
        f"The key file {file} cannot be used ({error.strerror or error}).",
        "Make that folder writable for this user, or set BELLHOP_HOME to a folder that is.",
    )
