"""
From JSON to dataclasses and back. A dataclass is the only description of what it holds: its fields say
the names (snake_case here, camelCase on the wire), the types and the bounds. What came over the wire is
checked against it whole; members that it does not know are ignored [P-4].
"""

from __future__ import annotations

import re
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime, timezone
from functools import lru_cache
from typing import Annotated, Any, Dict, List, Literal, NamedTuple, Tuple, Type, TypeVar, Union
from typing import cast, get_args, get_origin, get_type_hints

T = TypeVar("T")


class Misfit(ValueError):
    """A value does not fit its shape; says where and why."""


class Matching(NamedTuple):
    """In `Annotated`: a text that has this form."""

    pattern: str


class Between(NamedTuple):
    """In `Annotated`: a number, or the length of a text, within these bounds."""

    least: int
    most: int


class Depth(NamedTuple):
    """In `Annotated`: JSON that is nested at most so deep."""

    most: int


def decode(shape: Type[T], value: Any, where: str = "") -> T:
    """The value as an instance of the dataclass. Raises `Misfit`, and nothing else, whatever the value is."""
    if not isinstance(value, dict):
        raise Misfit(f"{where or 'it'} is not an object")
    parts: Dict[str, Any] = {}
    for field, name, hint in _plan(cast(Any, shape)):
        if name in value:
            parts[field.name] = _read(hint, value[name], f"{where}.{name}" if where else name)
        elif field.default is MISSING:
            raise Misfit(f"{where}.{name} is missing" if where else f"{name} is missing")
    return shape(**parts)


def encode(value: Any) -> Any:
    """The JSON that `decode` reads. Fields that are None are left out: on the wire they are absent."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            name: encode(getattr(value, field.name))
            for field, name, _ in _plan(type(value))
            if getattr(value, field.name) is not None
        }
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, (list, tuple)):
        return [encode(item) for item in value]
    return value


@lru_cache(maxsize=None)
def _plan(shape: Type[Any]) -> Tuple[Tuple[Field[Any], str, Any], ...]:
    hints = get_type_hints(shape, include_extras=True)
    return tuple((field, _wire_name(field), hints[field.name]) for field in fields(shape))


def _wire_name(field: Field[Any]) -> str:
    given = field.metadata.get("wire")
    return given or re.sub(r"_([a-z0-9])", lambda match: match.group(1).upper(), field.name)


def _read(hint: Any, value: Any, where: str) -> Any:
    origin = get_origin(hint)
    if origin is Annotated:
        inner, *rules = get_args(hint)
        return _bounded(rules, _read(inner, value, where), where)
    if origin is Union:
        # Only `Optional` is used. What may be absent must not be null either.
        return _read(get_args(hint)[0], value, where)
    if origin is Literal:
        if not isinstance(value, str) or value not in get_args(hint):
            raise Misfit(f"{where} is none of {', '.join(get_args(hint))}")
        return value
    if origin is list:
        if not isinstance(value, list):
            raise Misfit(f"{where} is not a list")
        return [_read(get_args(hint)[0], item, f"{where}[{index}]") for index, item in enumerate(value)]
    if origin is dict:
        if not isinstance(value, dict):
            raise Misfit(f"{where} is not an object")
        return value
    if is_dataclass(hint):
        return decode(cast(Any, hint), value, where)
    return _plain(hint, value, where)


def _plain(hint: Any, value: Any, where: str) -> Any:
    if hint is datetime:
        return _time(value, where)
    if hint is int:
        # JSON does not tell 5.0 from 5, and a boolean is no number there.
        if isinstance(value, float) and value.is_integer():
            return int(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise Misfit(f"{where} is not a whole number")
    if hint is float and isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    if hint is not Any and (hint is float or not isinstance(value, hint)):
        raise Misfit(f"{where} is not of type {hint.__name__}")
    return value


def _bounded(rules: List[Any], value: Any, where: str) -> Any:
    for rule in rules:
        if isinstance(rule, Matching):
            fits = re.fullmatch(rule.pattern, value) is not None
        elif isinstance(rule, Between):
            fits = rule.least <= (len(value) if isinstance(value, str) else value) <= rule.most
        else:
            fits = not isinstance(rule, Depth) or _is_shallow(value, rule.most)
        if not fits:
            raise Misfit(f"{where} does not fit")
    return value


def _is_shallow(value: Any, levels: int) -> bool:
    if not isinstance(value, (dict, list)):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return levels > 0 and all(_is_shallow(item, levels - 1) for item in inner)


def _time(value: Any, where: str) -> datetime:
    """ISO 8601, UTC, milliseconds."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z", value):
        try:
            return datetime.fromisoformat(f"{value[:-1]}+00:00")
        except ValueError:
            pass
    raise Misfit(f"{where} is not a time")
