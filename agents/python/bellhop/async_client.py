"""The client for programs on asyncio."""

from __future__ import annotations

import asyncio
import random as randomness
from collections.abc import Iterable
from dataclasses import replace
from types import TracebackType
from typing import Any, AsyncIterator, Callable, Mapping, Optional, Sequence, Type, Union

from .answers import Attached, Released, RenameDone, Sent
from .blobs import download_blob, upload_blob
from .drafts import make_draft
from .emitter import Listener
from .engine import Engine
from .failures import expect, no_answer
from .hub_methods import PLAIN_METHODS, HubMethods
from .limits import WINDOW_DEFAULT
from .membership import Registration, Wishes
from .message import Blob, Message
from .secret import read_secret
from .settings import read_settings
from .states import Closed, ClientState
from .timing import Timing

Acknowledgeable = Union[Message, str, Iterable[Union[Message, str]]]


class AsyncClient(HubMethods):
    """
    One agent's lasting connection to a hub. It comes back after every break, resumes where it was, and
    repeats what was not answered. What fails raises `BellhopError`.

    Use it on one event loop, as `async with AsyncClient("rose") as client:`. With a name it registers
    that name first; the key that owns it is kept in the home, and made at first use.

    `timeout` is in seconds everywhere. Left out, a call waits 15 s for the hub (3 s where several
    attempts in a row did not reach it).
    """

    def __init__(
        self,
        name: Optional[str] = None,
        *,
        take_over: bool = False,
        address: Optional[str] = None,
        home: Optional[str] = None,
        secret: Optional[str] = None,
        window: int = WINDOW_DEFAULT,
        routes: Sequence[str] = ("fetch",),
        presence: bool = False,
        connect_timeout: Optional[float] = None,
        program: str = "bellhop-python",
        environment: Optional[Mapping[str, str]] = None,
        on_error: Callable[[BaseException], None] = lambda error: None,
        random: Callable[[], float] = randomness.random,
        timing: Timing = Timing(),
    ) -> None:
        """
        `address`, `home` and `secret` win over the environment (BELLHOP_URL, BELLHOP_HOME,
        BELLHOP_SECRET). `window`: how many messages the hub pushes before it waits for
        acknowledgements; 0: none, use `fetch`. `routes` tell senders by which ways mail is seen here.
        `take_over` disconnects another live session of the same name and key. `connect_timeout`: seconds
        that `async with` waits for the hub, and again for the name. `program` is for the hub's log.
        `on_error` gets what no call can report, such as exceptions of listeners.
        """
        found = read_settings(environment)
        settings = replace(found, url=address or found.url, home=home or found.home)
        self._name = name
        self._take_over = take_over
        self._connect_timeout = connect_timeout
        self._engine = Engine(
            settings=settings,
            secret=(lambda: read_secret(settings)) if secret is None else (lambda: secret),
            program=program,
            wishes=Wishes(window, tuple(routes), presence),
            timing=timing,
            random=random,
            on_error=on_error,
        )

    async def __aenter__(self) -> AsyncClient:
        self.start()
        try:
            await self.ready(timeout=self._connect_timeout)
            if self._name is not None:
                await self.register(self._name, take_over=self._take_over, timeout=self._connect_timeout)
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        await self.close()

    @property
    def state(self) -> ClientState:
        return self._engine.state

    @property
    def registration(self) -> Optional[Registration]:
        """The present registration, also while disconnected."""
        return self._engine.registration

    @property
    def name(self) -> Optional[str]:
        """The name of this client at the moment."""
        return self._engine.registration.name if self._engine.registration else None

    def on(self, event: str, listener: Listener) -> None:
        """
        Calls `listener` at every `message`, `receipt`, `presence`, `renamed`, `state`, `attached` (each with
        one argument) or `reset` (with none: what was handed out and not acknowledged is void, and comes
        again). Listeners run on the event loop and must not block.
        """
        self._engine.emitter.on(event, listener)

    def off(self, event: str, listener: Listener) -> None:
        self._engine.emitter.off(event, listener)

    def start(self) -> None:
        """Starts connecting; returns at once. `async with` does this."""
        self._engine.start()

    async def ready(self, *, timeout: Optional[float] = None) -> None:
        """Waits for the hub; raises `hub_unreachable` at the deadline."""
        await self._engine.ready(timeout)

    async def close(self) -> None:
        """Sends what acknowledgements wait, at most for a moment, and closes for good."""
        await self._engine.close()

    async def register(self, name: str, *, take_over: bool = False, timeout: Optional[float] = None) -> Attached:
        """Takes a name. Starts a client again that ended with `taken_over` or `revoked`."""
        return await self._engine.register(name, take_over, timeout)

    async def rename(self, name: str, *, timeout: Optional[float] = None) -> RenameDone:
        """Renames, and moves the stored key to the new name."""
        return await self._engine.rename(name, timeout)

    async def release(self, *, timeout: Optional[float] = None) -> Released:
        """Gives the name up and forgets its key. Unread mail bounces."""
        return await self._engine.release(timeout)

    async def send(
        self,
        to: str,
        content: str = "",
        *,
        data: Optional[Mapping[str, Any]] = None,
        reply_to: Optional[str] = None,
        thread: Optional[str] = None,
        priority: str = "normal",
        blob: Union[Blob, str, None] = None,
        ttl_seconds: Optional[int] = None,
        timeout: Optional[float] = None,
    ) -> Sent:
        """
        Sends to a name or to a topic (`#all` is everyone); returns when the message is on the hub's disk.
        It is sent again after each reconnect until the hub answers, and stored once. A body over the hub's
        inline limit is uploaded first. At the deadline it raises `not_sent` where no hub has seen it, or
        `unconfirmed` where one may have.
        """
        draft = make_draft(to, content, data, reply_to, thread, priority, blob, ttl_seconds)
        return await self._engine.send(draft, timeout)

    async def reply(self, message: Message, content: str, **options: Any) -> Sent:
        """Answers a message: to its sender, in its thread. `options` are those of `send`."""
        expect(message, Message, "What is answered must be a message, as it was handed out, and not its id")
        options.setdefault("thread", message.thread)
        return await self.send(message.sender, content, reply_to=message.id, **options)

    async def ask(self, to: str, content: str, *, timeout: float = 60.0, **options: Any) -> Message:
        """
        Sends, and waits for the reply. It comes back from here only, and not from `messages()`; it stays
        unread until you acknowledge it. Raises `no_answer` after `timeout` seconds. `options` are those of
        `send`.
        """
        deadline = asyncio.get_running_loop().time() + timeout
        draft = make_draft(to, content, **options)
        with self._engine.mail.question() as question:
            sent = await self._engine.send(draft, timeout, lambda sent: question.asked(sent.id))
            left = deadline - asyncio.get_running_loop().time()
            await asyncio.wait({question.answer}, timeout=max(0.0, left))
            if not question.answer.done():
                raise no_answer(to, sent.id, timeout)
            return question.answer.result()

    async def next_message(self, *, timeout: Optional[float] = None) -> Optional[Message]:
        """
        The next message that was pushed and not handed out here before; None after `timeout` seconds
        without one. Raises the cause when the client has ended for good.
        """
        clock = asyncio.get_running_loop()
        deadline = None if timeout is None else clock.time() + timeout
        while True:
            message = self._engine.mail.take()
            if message is not None:
                return message
            if isinstance(self.state, Closed):
                raise self._engine.closed_error()
            left = None if deadline is None else deadline - clock.time()
            if left is not None and left <= 0:
                return None
            await self._engine.mail.changed(left)

    async def messages(self, *, timeout: Optional[float] = None) -> AsyncIterator[Message]:
        """
        Messages as they come, each once. They stay unread until you `ack` them, and no more than the window
        are pushed meanwhile. Ends after `timeout` seconds without a message, and when you close the client.
        """
        while self.state != Closed(None):
            try:
                message = await self.next_message(timeout=timeout)
            except Exception:
                if self.state == Closed(None):
                    return
                raise
            if message is None:
                return
            yield message

    async def ack(
        self,
        messages: Acknowledgeable,
        state: str = "shown",
        route: str = "fetch",
        *,
        timeout: Optional[float] = None,
    ) -> bool:
        """
        Says what became of messages (or their ids): `shown` once a reader has seen them, `offered` where
        that cannot be known. It is kept, and repeated after a reconnect, until the hub confirms it. True
        when it has; False where that took longer than `timeout`, and then it still goes on.
        """
        confirmed = asyncio.ensure_future(self._engine.ack(_ids(messages), state, route))
        await asyncio.wait({confirmed}, timeout=self._engine.patience(timeout))
        return confirmed.done()

    async def request(self, method: str, params: Mapping[str, Any], *, timeout: Optional[float] = None) -> Any:
        """
        A method that only asks or sets something (not `register`, `resume`, `send`, `ack`, `rename` or
        `release`, which have methods of their own), with its parameters as PROTOCOL.md calls them.
        """
        if method not in PLAIN_METHODS:
            raise ValueError(f'"{method}" is none of {", ".join(sorted(PLAIN_METHODS))}')
        return await self._engine.request(method, params, timeout)

    async def upload(
        self,
        body: bytes,
        *,
        media_type: str = "application/octet-stream",
        file_name: Optional[str] = None,
        timeout: Optional[float] = None,
    ) -> Blob:
        """Stores up to 16 MiB at the hub; give the blob to `send`. `timeout`: 60 s by default."""
        expect(body, (bytes, bytearray, memoryview), "The body of a blob must be bytes")
        expect("" if file_name is None else file_name, str, "file_name must be a text")
        return await self._engine.transfer(lambda hub: upload_blob(hub, body, media_type, file_name), timeout)

    async def download(self, blob: Blob, *, timeout: Optional[float] = None) -> bytes:
        """The bytes of a blob, whole and checked. `timeout`: 60 s by default."""
        expect(blob, Blob, "What is downloaded must be the blob of a message")
        return await self._engine.transfer(lambda hub: download_blob(hub, blob), timeout)

    async def read_body(self, message: Message, *, timeout: Optional[float] = None) -> str:
        """The whole text of a message, also where `content` is only a summary of it."""
        expect(message, Message, "What is read must be a message, as it was handed out")
        if message.blob is None or not message.is_summary:
            return message.content
        return (await self.download(message.blob, timeout=timeout)).decode(errors="replace")


def _ids(messages: Acknowledgeable) -> Iterable[str]:
    sentence = "What is acknowledged must be a message, its id, or several of these"
    several = [messages] if isinstance(messages, (Message, str)) else messages
    expect(several, Iterable, sentence)
    several = [*several]
    for message in several:
        expect(message, (Message, str), sentence)
    return [message.id if isinstance(message, Message) else message for message in several]
