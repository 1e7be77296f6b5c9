"""Frames to and from text [P-4]. Nothing that comes in makes these functions raise."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated, Any, Dict, Literal, Mapping, Optional, Type, Union

from .failures import refused_here
from .message import Message, Presence, ReceiptUpdate, Renamed
from .shapes import Matching, Misfit, decode


@dataclass(frozen=True)
class Challenge:
    protocol: Literal["bellhop.v1"]
    nonce: Annotated[str, Matching("[A-Za-z0-9_-]{16,64}")]
    auth: Literal["hmac-sha256", "open"]


@dataclass(frozen=True)
class Closing:
    reason: str
    reconnect_after_ms: Optional[int] = None


Notification = Union[Message, ReceiptUpdate, Presence, Renamed, Closing, Challenge]

_NOTIFICATIONS: Dict[str, Type[Any]] = {
    "challenge": Challenge,
    "message": Message,
    "receipt": ReceiptUpdate,
    "presence": Presence,
    "renamed": Renamed,
    "closing": Closing,
}


@dataclass(frozen=True)
class WireErrorData:
    reason: str
    temporary: bool
    next: str
    retry_after_ms: Optional[float] = None
    details: Optional[Dict[str, Any]] = None


@dataclass(frozen=True)
class WireError:
    code: int
    message: str
    data: Optional[WireErrorData] = None


@dataclass(frozen=True)
class ResultFrame:
    id: int
    result: Any


@dataclass(frozen=True)
class ErrorFrame:
    id: Optional[int]
    error: WireError


Incoming = Union[ResultFrame, ErrorFrame, Notification, None]
"""None is for frames of a later revision, and for nonsense: ignore them."""


def encode_request(request_id: int, method: str, params: Mapping[str, Any]) -> str:
    """Raises `BellhopError` for parameters that are no JSON."""
    frame = {"jsonrpc": "2.0", "id": request_id, "method": method, "params": params}
    try:
        text = json.dumps(frame, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        problem = "a text holds half a character (a lone surrogate)" if isinstance(error, UnicodeError) else str(error)
        raise refused_here("invalid_params", f"The parameters cannot be written as JSON: {problem}.") from error
    return text


def decode_incoming(text: str) -> Incoming:
    frame = parse_json(text)
    if not isinstance(frame, dict) or frame.get("jsonrpc") != "2.0":
        return None
    try:
        if "method" in frame:
            shape = _NOTIFICATIONS.get(frame["method"]) if isinstance(frame["method"], str) else None
            return decode(shape, frame.get("params")) if shape else None
        request_id = frame.get("id")
        if request_id is not None and (isinstance(request_id, bool) or not isinstance(request_id, int)):
            return None
        if "error" in frame:
            return ErrorFrame(request_id, decode(WireError, frame["error"]))
        return None if request_id is None else ResultFrame(request_id, frame.get("result"))
    except Misfit:
        return None


def parse_json(text: Union[str, bytes]) -> Any:
    """None for what is not JSON."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return None


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
