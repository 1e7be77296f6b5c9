"""Which pushed messages this client has handed out, and how far it has come [P-12] [P-33]."""

from __future__ import annotations

from collections import OrderedDict
from typing import Dict, Iterable, NamedTuple, Optional, Union

from .limits import WINDOW_MAX
from .message import Message

_REMEMBERED = 4 * WINDOW_MAX
"""Ids of acknowledged messages that are remembered: several whole windows."""
HELD_MAX = 2 * WINDOW_MAX
"""Messages that are held: a hub that pushes more breaks its word about the window."""


class Position(NamedTuple):
    epoch: str
    seq: int


class Shown(NamedTuple):
    """Acknowledged as shown already: say it again if the hub does not know."""

    route: str


class Inbox:
    """
    The hub may push a message again; it is handed out once. Memory is bounded: by the hub's window for
    what is held, and by `_REMEMBERED` for what was shown.
    """

    def __init__(self) -> None:
        self.position: Optional[Position] = None
        """Everything up to here was pushed; None before the first registration."""
        self._held: Dict[str, Message] = {}
        self._shown: OrderedDict[str, str] = OrderedDict()

    @property
    def is_overfull(self) -> bool:
        return len(self._held) > HELD_MAX

    def arrive(self, message: Message) -> Union[bool, Shown]:
        """True: it is new. False: it is held already."""
        if self.position is not None and message.seq > self.position.seq:
            self.position = Position(self.position.epoch, message.seq)
        route = self._shown.get(message.id)
        if route is not None:
            return Shown(route)
        if message.id in self._held:
            return False
        self._held[message.id] = message
        return True

    def shown(self, ids: Iterable[str], route: str) -> None:
        for message_id in ids:
            self._held.pop(message_id, None)
            self._shown[message_id] = route
        while len(self._shown) > _REMEMBERED:
            self._shown.popitem(last=False)

    def attach(self, epoch: str, recovered: bool, same_mailbox: bool) -> str:
        """
        After a registration. `continued`: pushes go on right behind what is held. `afresh`: it is void and
        will be pushed again. `elsewhere`: so it is, and acknowledgements under way are void as well. What
        was shown stays shown as long as it is the same mailbox in the same ledger, so that a message
        whose acknowledgement was under way is not shown twice.
        """
        same_ledger = same_mailbox and self.position is not None and self.position.epoch == epoch
        if recovered and same_ledger:
            return "continued"
        self._held.clear()
        if not same_ledger:
            self._shown.clear()
        self.position = Position(epoch, 0)
        return "afresh" if same_ledger else "elsewhere"

    def clear(self) -> None:
        self._held.clear()
        self._shown.clear()
        self.position = None
