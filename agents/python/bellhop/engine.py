"""The parts of a client put together: one lifeline, one membership, and what has still to be said to the hub."""

from __future__ import annotations

from typing import Any, Awaitable, Callable, Dict, Iterable, Mapping, Optional, TypeVar

from .address import hub_folder, locate
from .answers import Attached, Released, RenameDone, Sent
from .acks import Acks
from .blobs import BlobAccess, move_once, upload_blob
from .calls import Answered, Refused
from .close_codes import is_loss_of_name
from .codec import Notification
from .connection import Connection
from .emitter import Emitter
from .errands import Ask, Errands, answer_of
from .errors import BellhopError
from .failures import closed_by_owner, refused_here, unreachable
from .inbox import Shown
from .keys import Keys
from .lifeline import Lifeline, LifelineEvents
from .mail import Mail
from .membership import Membership, Registration, Wishes
from .message import Message, Presence, ReceiptUpdate, Renamed
from .names import valid_name
from .outbox import LARGE_TEXT_TYPE, Outbox
from .returning import return_to
from .settings import Settings
from .states import Closed, ClientState, Idle, Ready, Registered
from .timing import Timing

T = TypeVar("T")


class Engine:
    """Everything runs on one event loop. `AsyncClient` is the face of it."""

    def __init__(
        self,
        settings: Settings,
        secret: Callable[[], Optional[str]],
        program: str,
        wishes: Wishes,
        timing: Timing,
        random: Callable[[], float],
        on_error: Callable[[BaseException], None],
    ) -> None:
        self.state: ClientState = Idle()
        self.connection: Optional[Connection] = None
        self.trouble = unreachable(None, "no connection was made yet")
        self.emitter = Emitter(on_error)
        self.mail = Mail()
        self._on_error = on_error
        self._timing = timing
        self._keys = Keys(settings.home, lambda: hub_folder(settings))
        self._membership = Membership(wishes)
        self._acks = Acks(timing.retry)
        self._outbox = Outbox(lambda body: upload_blob(self._access(), body, LARGE_TEXT_TYPE), timing.retry)
        self._errands = Errands(self)
        self._registering = 0
        events = LifelineEvents(self._become, self._opened, self._notified, self._lost, self._end)
        self._lifeline = Lifeline(lambda: locate(settings), program, secret, random, timing, events)

    @property
    def registration(self) -> Optional[Registration]:
        return self._membership.registration

    def start(self) -> None:
        if isinstance(self.state, Idle):
            self._lifeline.start()

    async def ready(self, timeout: Optional[float]) -> None:
        await self._errands.ready(self.patience(timeout))

    async def close(self) -> None:
        if self.state == Closed(None):
            return
        if isinstance(self.state, Registered):
            await self._acks.settled(self._timing.last_acks)
        self._end(None)
        await self._lifeline.stop()

    async def register(self, name: str, take_over: bool, timeout: Optional[float]) -> Attached:
        valid_name(name)
        if isinstance(self.state, Closed) and is_loss_of_name(self.state.cause):
            self._become(Idle())
            self.start()

        async def step(ask: Ask) -> Optional[Attached]:
            obtained = self._keys.obtain(name)
            connection = self.connection
            params = {"name": name, "key": obtained.key, "takeOver": take_over, **self._membership.params()}
            try:
                outcome = await ask("register", params, lambda attached: self._attached(attached, False))
            except BaseException:
                # An answer that came now would attach a name that nobody waits for.
                if connection is not None:
                    connection.drop("it did not answer a registration in time")
                raise
            if isinstance(outcome, Refused):
                if obtained.made and not outcome.error.temporary:
                    self._keys.remove(name)
                raise outcome.error
            # The key makes it the same registration when it is asked for again.
            return outcome.result if isinstance(outcome, Answered) else None

        self._registering += 1
        try:
            return await self._errands.run(self.patience(timeout), step)
        except BellhopError as error:
            if self._registering == 1 and self.registration is None:
                self._outbox.abandon(error)
            raise
        finally:
            self._registering -= 1

    async def rename(self, name: str, timeout: Optional[float]) -> RenameDone:
        valid_name(name)
        self._member()
        done: RenameDone = await self.request(
            "rename", {"name": name}, timeout, lambda result: self._renamed(result.previous, result.name)
        )
        return done

    async def release(self, timeout: Optional[float]) -> Released:
        self._member()
        done: Released = await self.request("release", {}, timeout, lambda result: self._released(result.name))
        return done

    async def send(
        self, draft: Dict[str, Any], timeout: Optional[float], accepted: Callable[[Sent], None] = lambda sent: None
    ) -> Sent:
        if isinstance(self.state, Closed):
            raise self.closed_error()
        if self.registration is None and self._registering == 0:
            raise refused_here("not_registered")
        return await self._outbox.send(draft, self.patience(timeout), lambda: self.trouble.message, accepted)

    def ack(self, ids: Iterable[str], state: str, route: str) -> Awaitable[None]:
        known = list(ids)
        if isinstance(self.state, Closed) or self.registration is None:
            known = []
        if state == "shown":
            self._membership.inbox.shown(known, route)
            self.mail.discard(known)
        return self._acks.add(known, state, route)

    async def request(
        self,
        method: str,
        params: Mapping[str, Any],
        timeout: Optional[float],
        apply: Callable[[Any], None] = lambda result: None,
    ) -> Any:
        """Any other method, once: `hub_unreachable` where the connection breaks before the answer."""

        def learn(result: Any) -> None:
            self._membership.learn(method, params, result)
            apply(result)

        async def step(ask: Ask) -> Optional[Any]:
            return answer_of(await ask(method, params, learn))

        return await self._errands.run(self.patience(timeout), step)

    async def transfer(self, move: Callable[[BlobAccess], Awaitable[T]], timeout: Optional[float]) -> T:
        """Moves bytes; again, after a pause, where the way to the hub failed."""

        async def step(ask: Ask) -> Optional[T]:
            return await move_once(ask, move(self._access()), self._timing.retry)

        return await self._errands.run(self._timing.transfer if timeout is None else timeout, step)

    def patience(self, timeout: Optional[float]) -> float:
        """Seconds that a call which begins now may take, where its caller does not say."""
        if timeout is not None:
            return timeout
        return self._timing.discouraged if self._lifeline.is_discouraged else self._timing.patience

    def closed_error(self) -> BellhopError:
        return (self.state.cause if isinstance(self.state, Closed) else None) or closed_by_owner()

    def _member(self) -> str:
        if self._membership.token is None:
            raise self.closed_error() if isinstance(self.state, Closed) else refused_here("not_registered")
        return self._membership.token

    def _access(self) -> BlobAccess:
        token = self._member()
        if self.connection is None:
            raise self.trouble
        return BlobAccess(self.connection.endpoint, token)

    def _opened(self, connection: Connection) -> None:
        self.connection = connection
        self.trouble = unreachable(connection.endpoint, "it did not answer in time")
        if self.registration is None:
            return self._rest(Ready())
        return_to(connection, self._membership, self._keys, self._timing.answer, self._attached, self._unnamed)

    def _attached(self, attached: Attached, resumed: bool) -> None:
        former = self.registration
        if former is not None and resumed:
            self._on_disk(lambda: self._keys.move(former.name, attached.name))
        continuity = self._membership.attached(attached, resumed)
        if continuity == "elsewhere":
            self._acks.drop()
        if former is not None and continuity != "continued":
            self._reset()
        self.emitter.emit("attached", attached)
        self._rest(Registered(attached.name))
        # A listener may have closed the client.
        if self.connection is not None:
            self._acks.attach(self.connection)
            self._outbox.attach(self.connection)

    def _unnamed(self, cause: Optional[BellhopError]) -> None:
        self._membership.forget()
        self._acks.drop()
        self._outbox.abandon(cause or refused_here("not_registered"))
        self._reset()
        self._rest(Ready(cause))

    def _released(self, name: str) -> None:
        self._on_disk(lambda: self._keys.remove(name))
        self._unnamed(None)

    def _renamed(self, previous: str, name: str) -> None:
        if not self._membership.is_named(previous):
            return
        self._on_disk(lambda: self._keys.move(previous, name))
        self._membership.renamed(name)
        if isinstance(self.state, Registered):
            self._become(Registered(name))

    def _notified(self, notification: Notification) -> None:
        if isinstance(notification, Message):
            self._arrived(notification)
        elif isinstance(notification, ReceiptUpdate):
            self.emitter.emit("receipt", notification)
        elif isinstance(notification, Presence):
            self.emitter.emit("presence", notification)
        elif isinstance(notification, Renamed):
            self._renamed(notification.previous, notification.name)
            self.emitter.emit("renamed", notification)

    def _arrived(self, message: Message) -> None:
        if not isinstance(self.state, Registered):
            return
        inbox = self._membership.inbox
        arrival = inbox.arrive(message)
        if isinstance(arrival, Shown):
            # The hub does not know that it was shown: unanswered, it would hold a place in the window for ever.
            if not self._acks.has(message.id):
                self._acks.add([message.id], "shown", arrival.route)
        elif arrival and self.mail.put(message):
            self.emitter.emit("message", message)
        if inbox.is_overfull and self.connection is not None:
            self.connection.drop("it pushed more than the window that was asked for")

    def _reset(self) -> None:
        self.mail.clear()
        self.emitter.emit("reset")

    def _lost(self, error: BellhopError) -> None:
        self.connection = None
        self.trouble = error
        self._outbox.detach()
        self._acks.detach()

    def _end(self, cause: Optional[BellhopError]) -> None:
        self.connection = None
        self._outbox.abandon(cause or closed_by_owner())
        self._acks.detach()
        self._acks.drop()
        if is_loss_of_name(cause):
            self._membership.forget()
            self._reset()
        self._become(Closed(cause))

    def _rest(self, state: ClientState) -> None:
        self._lifeline.settled()
        self._become(state)

    def _become(self, state: ClientState) -> None:
        """The only place where the state changes. What a closed client had under way changes it no more."""
        if isinstance(self.state, Closed) and not isinstance(state, (Closed, Idle)):
            return
        self.state = state
        self.emitter.emit("state", state)
        self._errands.changed()
        self.mail.stir()

    def _on_disk(self, work: Callable[[], None]) -> None:
        """For work in a socket's callback, whose failure has no call to fail."""
        try:
            work()
        except BellhopError as error:
            self._on_error(error)
