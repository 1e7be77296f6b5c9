"""The same client for programs without asyncio."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Coroutine, Iterator, Mapping, Optional, Sequence, Type, TypeVar, Union

from .answers import Agents, Attached, Configured, Fetched, History, Joined, Left, Reached, Receipts, Released
from .answers import RenameDone, Sent, Status
from .async_client import Acknowledgeable, AsyncClient
from .emitter import Listener
from .failures import not_started
from .loop_thread import LoopThread
from .membership import Registration
from .message import Blob, Message
from .states import Closed, ClientState

T = TypeVar("T")


class Client:
    """
    `AsyncClient`, whose calls wait. It stays connected in a thread of its own, so mail comes in and
    acknowledgements go out while the program does something else. Use it as
    `with Client("rose") as client:`. The methods mean what they mean there; any thread may call them.
    """

    def __init__(self, name: Optional[str] = None, **options: Any) -> None:
        """`options` are those of `AsyncClient`."""
        self._client = AsyncClient(name, **options)
        self._thread: Optional[LoopThread] = None

    def __enter__(self) -> Client:
        self._thread = LoopThread()
        try:
            self._thread.run(self._client.__aenter__())
        except BaseException:
            self._thread.stop()
            raise
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    @property
    def state(self) -> ClientState:
        return self._client.state

    @property
    def registration(self) -> Optional[Registration]:
        return self._client.registration

    @property
    def name(self) -> Optional[str]:
        return self._client.name

    def open(self) -> None:
        """Connects, and registers where the client has a name. `with` does this."""
        self.__enter__()

    def close(self) -> None:
        if self._thread is not None:
            self._thread.run(self._client.close())
            self._thread.stop()
            self._thread = None

    def on(self, event: str, listener: Listener) -> None:
        """Listeners run in the client's thread, and must not call methods that wait."""
        self._client.on(event, listener)

    def off(self, event: str, listener: Listener) -> None:
        self._client.off(event, listener)

    def register(self, name: str, *, take_over: bool = False, timeout: Optional[float] = None) -> Attached:
        return self._run(self._client.register(name, take_over=take_over, timeout=timeout))

    def rename(self, name: str, *, timeout: Optional[float] = None) -> RenameDone:
        return self._run(self._client.rename(name, timeout=timeout))

    def release(self, *, timeout: Optional[float] = None) -> Released:
        return self._run(self._client.release(timeout=timeout))

    def send(
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
        return self._run(
            self._client.send(
                to,
                content,
                data=data,
                reply_to=reply_to,
                thread=thread,
                priority=priority,
                blob=blob,
                ttl_seconds=ttl_seconds,
                timeout=timeout,
            )
        )

    def reply(self, message: Message, content: str, **options: Any) -> Sent:
        return self._run(self._client.reply(message, content, **options))

    def ask(self, to: str, content: str, *, timeout: float = 60.0, **options: Any) -> Message:
        return self._run(self._client.ask(to, content, timeout=timeout, **options))

    def next_message(self, *, timeout: Optional[float] = None) -> Optional[Message]:
        return self._run(self._client.next_message(timeout=timeout))

    def messages(self, *, timeout: Optional[float] = None) -> Iterator[Message]:
        """Messages as they come, each once; ends after `timeout` seconds without one."""
        while self._thread is not None and self.state != Closed(None):
            message = self.next_message(timeout=timeout)
            if message is None:
                return
            yield message

    def ack(
        self,
        messages: Acknowledgeable,
        state: str = "shown",
        route: str = "fetch",
        *,
        timeout: Optional[float] = None,
    ) -> bool:
        return self._run(self._client.ack(messages, state, route, timeout=timeout))

    def request(self, method: str, params: Mapping[str, Any], *, timeout: Optional[float] = None) -> Any:
        return self._run(self._client.request(method, params, timeout=timeout))

    def fetch(self, *, after: int = 0, limit: int = 50, timeout: Optional[float] = None) -> Fetched:
        return self._run(self._client.fetch(after=after, limit=limit, timeout=timeout))

    def list(self, *, after: Optional[str] = None, limit: int = 50, timeout: Optional[float] = None) -> Agents:
        return self._run(self._client.list(after=after, limit=limit, timeout=timeout))

    def join(self, topic: str, *, timeout: Optional[float] = None) -> Joined:
        return self._run(self._client.join(topic, timeout=timeout))

    def leave(self, topic: str, *, timeout: Optional[float] = None) -> Left:
        return self._run(self._client.leave(topic, timeout=timeout))

    def history(
        self,
        *,
        with_: Optional[str] = None,
        thread: Optional[str] = None,
        before: Optional[int] = None,
        limit: int = 50,
        timeout: Optional[float] = None,
    ) -> History:
        return self._run(
            self._client.history(with_=with_, thread=thread, before=before, limit=limit, timeout=timeout)
        )

    def receipts(
        self,
        *,
        id: Optional[str] = None,
        before: Optional[int] = None,
        limit: int = 50,
        timeout: Optional[float] = None,
    ) -> Receipts:
        return self._run(self._client.receipts(id=id, before=before, limit=limit, timeout=timeout))

    def configure(self, *, enabled: bool, minutes: int = 0, timeout: Optional[float] = None) -> Configured:
        return self._run(self._client.configure(enabled=enabled, minutes=minutes, timeout=timeout))

    def reach(self, routes: Sequence[str], *, timeout: Optional[float] = None) -> Reached:
        return self._run(self._client.reach(routes, timeout=timeout))

    def status(self, *, timeout: Optional[float] = None) -> Status:
        return self._run(self._client.status(timeout=timeout))

    def upload(
        self,
        body: bytes,
        *,
        media_type: str = "application/octet-stream",
        file_name: Optional[str] = None,
        timeout: Optional[float] = None,
    ) -> Blob:
        return self._run(
            self._client.upload(body, media_type=media_type, file_name=file_name, timeout=timeout)
        )

    def download(self, blob: Blob, *, timeout: Optional[float] = None) -> bytes:
        return self._run(self._client.download(blob, timeout=timeout))

    def read_body(self, message: Message, *, timeout: Optional[float] = None) -> str:
        return self._run(self._client.read_body(message, timeout=timeout))

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        if self._thread is None:
            work.close()
            raise not_started()
        return self._thread.run(work)
