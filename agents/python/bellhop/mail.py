"""What was pushed and not handed to anybody yet, and who waits for an answer."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from contextlib import contextmanager
from typing import Dict, Iterable, Iterator, Optional, Set

from .limits import WINDOW_MAX
from .message import Message


class Question:
    def __init__(self, mail: Mail) -> None:
        self.id: Optional[str] = None
        self.answer: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._mail = mail

    def asked(self, message_id: str) -> None:
        self.id = message_id
        self._mail.expect(self, message_id)


class Mail:
    """Its size is bounded by what the inbox holds, since what is acknowledged leaves it."""

    def __init__(self) -> None:
        self._pending: OrderedDict[str, Message] = OrderedDict()
        self._takers: Set["asyncio.Future[None]"] = set()
        self._answers: Dict[str, Question] = {}
        """Questions that were asked, by the id of their message."""
        self._undecided: Set[Question] = set()
        self._early: OrderedDict[str, Message] = OrderedDict()

    def put(self, message: Message) -> bool:
        """False where it is the answer that somebody waits for, who has got it."""
        if message.reply_to is not None:
            question = self._answers.pop(message.reply_to, None)
            if question is not None:
                question.answer.set_result(message)
                return False
            if self._undecided:
                self._early[message.reply_to] = message
                while len(self._early) > WINDOW_MAX:
                    self._early.popitem(last=False)
        self._pending[message.id] = message
        self._wake()
        return True

    def discard(self, ids: Iterable[str]) -> None:
        """They were shown in another way."""
        for message_id in ids:
            self._pending.pop(message_id, None)

    def clear(self) -> None:
        """They are void, and will be pushed again."""
        self._pending.clear()
        self._early.clear()

    def take(self) -> Optional[Message]:
        return self._pending.popitem(last=False)[1] if self._pending else None

    async def changed(self, timeout: Optional[float]) -> None:
        """Waits until there is something to take, or something else that a taker should know; or for so many seconds."""
        taker: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._takers.add(taker)
        try:
            await asyncio.wait({taker}, timeout=timeout)
        finally:
            self._takers.discard(taker)

    def stir(self) -> None:
        """Lets every taker look at the client's state."""
        self._wake()

    @contextmanager
    def question(self) -> Iterator[Question]:
        """A message to which a reply is awaited. Until its id is known, any reply may be the one."""
        question = Question(self)
        self._undecided.add(question)
        try:
            yield question
        finally:
            self._decided(question)
            self._answers.pop(question.id or "", None)

    def expect(self, question: Question, message_id: str) -> None:
        """The hub has told the id. A reply that came earlier is taken out of what is pending."""
        early = self._early.pop(message_id, None)
        if early is not None:
            self._pending.pop(early.id, None)
            question.answer.set_result(early)
        else:
            self._answers[message_id] = question
        self._decided(question)

    def _decided(self, question: Question) -> None:
        self._undecided.discard(question)
        if not self._undecided:
            self._early.clear()

    def _wake(self) -> None:
        for taker in self._takers:
            if not taker.done():
                taker.set_result(None)
