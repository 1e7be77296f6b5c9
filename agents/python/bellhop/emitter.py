"""Who wants to be told of what. A listener that raises harms nobody else."""

from __future__ import annotations

from typing import Any, Callable, Dict, List

EVENTS = ("message", "receipt", "presence", "renamed", "reset", "state", "attached")
"""What can be listened for, with one argument each; `reset` has none."""

Listener = Callable[..., Any]


class Emitter:
    def __init__(self, on_error: Callable[[BaseException], None]) -> None:
        self._on_error = on_error
        self._listeners: Dict[str, List[Listener]] = {event: [] for event in EVENTS}

    def on(self, event: str, listener: Listener) -> None:
        self._of(event).append(listener)

    def off(self, event: str, listener: Listener) -> None:
        if listener in self._of(event):
            self._of(event).remove(listener)

    def emit(self, event: str, *arguments: Any) -> None:
        for listener in list(self._listeners[event]):
            try:
                listener(*arguments)
            except Exception as error:
                self._on_error(error)

    def _of(self, event: str) -> List[Listener]:
        if event not in self._listeners:
            raise ValueError(f'"{event}" is no event; there are {", ".join(EVENTS)}')
        return self._listeners[event]
