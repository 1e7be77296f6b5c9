"""What peers wrote is data: this takes out what could deceive a terminal or a reader."""

from __future__ import annotations

import re

_LINE_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_ESCAPES = re.compile(
    "(?:\x1b\\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c)?"  # window titles, links
    "|(?:\x1b[PX^_]|[\x90\x98\x9e\x9f])[^\x1b\x9c]*(?:\x1b\\\\|\x9c)?"  # device control strings
    "|(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]?"  # colours, cursor, screen
    "|\x1b[ -/]*[0-~]?"
)
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BIDIRECTIONAL = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_TAGS = re.compile("[\U000e0000-\U000e007f]")
"""Invisible copies of ASCII, which a model reads and a person does not see."""


def sanitise(text: str) -> str:
    """Without escape sequences, control characters, reordering marks and invisible text. Line breaks become `\\n`."""
    plain = _ESCAPES.sub("", _LINE_BREAKS.sub("\n", text))
    for unwanted in (_CONTROLS, _BIDIRECTIONAL, _TAGS):
        plain = unwanted.sub("", plain)
    return plain.encode(errors="replace").decode()


def on_one_line(text: str) -> str:
    return sanitise(text).replace("\n", " ")
