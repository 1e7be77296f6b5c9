"""What a caller wants to send, as the parameters of `send`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Dict, Optional, Union

from .failures import expect, refused_here
from .message import Blob
from .names import ADDRESS


def make_draft(
    to: str,
    content: str,
    data: Optional[Mapping[str, Any]] = None,
    reply_to: Optional[str] = None,
    thread: Optional[str] = None,
    priority: str = "normal",
    blob: Union[Blob, str, None] = None,
    ttl_seconds: Optional[int] = None,
) -> Dict[str, Any]:
    """Raises `BellhopError` for what no hub would take, so that it does not wait for one."""
    if not isinstance(to, str) or re.fullmatch(ADDRESS, to) is None:
        raise refused_here("name_invalid", f'"{str(to)[:64]}" is neither a name nor a topic.')
    expect(content, str, "content must be a text")
    expect({} if data is None else data, Mapping, "data must be an object, with texts as keys (a dict)")
    try:
        content.encode()
    except UnicodeEncodeError as error:
        raise refused_here("invalid_params", "content holds half a character (a lone surrogate).") from error
    draft: Dict[str, Any] = {"to": to, "priority": priority}
    optional = {
        "content": content or None,
        "data": None if data is None else dict(data),
        "replyTo": reply_to,
        "thread": thread,
        "blob": blob.handle if isinstance(blob, Blob) else blob,
        "ttlSeconds": ttl_seconds,
    }
    draft.update({name: value for name, value in optional.items() if value is not None})
    return draft
