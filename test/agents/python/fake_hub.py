"""
A hub that does what it is told: a real WebSocket server on a Unix-domain socket. `rules` answer requests;
every request can also be awaited with `next`.
"""

from __future__ import annotations

import asyncio
import json
import os
import unittest
from typing import Any, Callable, Dict, List, Optional

from support import PATIENCE_S, temporary_home

from bellhop import AsyncClient
from bellhop.secret import prove
from bellhop.timing import Timing

try:
    from websockets.asyncio.server import unix_serve
except ImportError:
    from websockets.server import unix_serve  # type: ignore

SECRET = "a secret of sixteen or more characters"
HUB_NONCE = "hub-nonce-of-24-letters_"
LATER = "2031-01-01T00:00:00.000Z"
LIMITS = {"inlineBytes": 1024, "frameBytes": 65_536, "blobBytes": 1_000_000, "pingMs": 25_000}

Params = Dict[str, Any]


class Line:
    """The hub's end of one connection."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket
        self._outgoing: "asyncio.Queue[Callable[[], Any]]" = asyncio.Queue()

    def say(self, frame: Params) -> None:
        text = json.dumps({"jsonrpc": "2.0", **frame})
        self._outgoing.put_nowait(lambda: self.socket.send(text))

    def notify(self, method: str, params: Params) -> None:
        self.say({"method": method, "params": params})

    def push(self, *seqs: int, **more: Any) -> None:
        for seq in seqs:
            self.notify("message", message(seq, **more))

    def close(self, code: int, reason: str) -> None:
        self._outgoing.put_nowait(lambda: self.socket.close(code, reason))

    def cut(self) -> None:
        """As a killed process does it: no closing frame."""
        self.socket.transport.abort()

    async def write(self) -> None:
        while True:
            await (await self._outgoing.get())()


class Asked:
    """A request that has arrived, to be answered by the test or by a rule."""

    def __init__(self, line: Line, frame: Params) -> None:
        self.line = line
        self.id = frame["id"]
        self.method: str = frame["method"]
        self.params: Params = frame["params"]

    def answer(self, result: Params) -> None:
        self.line.say({"id": self.id, "result": result})

    def refuse(self, reason: str, temporary: bool = False, **more: Any) -> None:
        data = {"reason": reason, "temporary": temporary, "next": "Do something else.", **more}
        self.line.say({"id": self.id, "error": {"code": -32000, "message": "No.", "data": data}})


class FakeHub:
    def __init__(self, path: str, secret: str, auth: str, limits: Params) -> None:
        self.address = f"unix:{path}"
        self.lines: List[Line] = []
        self.asked: List[Asked] = []
        self.rules: Dict[str, Callable[[Asked], None]] = {
            "hello": lambda asked: asked.answer(
                {
                    "hub": {"version": "0", "revision": 1},
                    "limits": {**LIMITS, **limits},
                    **({} if auth == "open" else {"proof": prove(secret, "hub", HUB_NONCE, asked.params["nonce"])}),
                }
            ),
            "register": lambda asked: asked.answer(attached(name=asked.params["name"])),
            "resume": lambda asked: asked.answer(attached(recovered=True)),
            "send": lambda asked: asked.answer(sent(asked.params)),
            "ack": lambda asked: asked.answer({"settled": len(asked.params["ids"]), "waiting": 0}),
            "fetch": lambda asked: asked.answer({"epoch": "e1", "messages": [], "more": False}),
        }
        self._auth = auth
        self._taken: Dict[str, int] = {}
        self._news = asyncio.Condition()

    @property
    def line(self) -> Line:
        return self.lines[-1]

    def all(self, method: str) -> List[Params]:
        """The parameters of every request of this method so far."""
        return [asked.params for asked in self.asked if asked.method == method]

    async def next(self, method: str) -> Asked:
        """The first request of this method that nobody has taken yet."""
        taken = self._taken.get(method, 0)
        self._taken[method] = taken + 1

        def there() -> Optional[Asked]:
            matching = [asked for asked in self.asked if asked.method == method]
            return matching[taken] if len(matching) > taken else None

        async with self._news:
            await asyncio.wait_for(self._news.wait_for(lambda: there() is not None), PATIENCE_S)
        found = there()
        assert found is not None
        return found

    async def serve(self, socket: Any, path: str = "/") -> None:
        line = Line(socket)
        self.lines.append(line)
        writing = asyncio.ensure_future(line.write())
        line.notify("challenge", {"protocol": "bellhop.v1", "nonce": HUB_NONCE, "auth": self._auth})
        try:
            async for text in socket:
                asked = Asked(line, json.loads(text))
                rule = self.rules.get(asked.method)
                if rule is not None:
                    rule(asked)
                async with self._news:
                    self.asked.append(asked)
                    self._news.notify_all()
        except Exception as error:
            if type(error).__name__ not in ("ConnectionClosedError", "ConnectionResetError"):
                raise
        finally:
            writing.cancel()


class FakeHubCase(unittest.IsolatedAsyncioTestCase):
    """A test against fake hubs. Retries come at once, unless a test says otherwise."""

    async def start_hub(
        self, secret: str = SECRET, auth: str = "hmac-sha256", path: Optional[str] = None, **limits: int
    ) -> FakeHub:
        path = path or os.path.join(temporary_home(self), "hub.sock")
        hub = FakeHub(path, secret, auth, limits)
        server = unix_serve(hub.serve, path, subprotocols=["bellhop.v1"], compression=None, ping_interval=None)
        running = await server

        async def stop() -> None:
            for line in hub.lines:
                line.cut()
            running.close()
            await running.wait_closed()

        self.addAsyncCleanup(stop)
        return hub

    def client_of(self, hub: FakeHub, name: Optional[str] = None, **options: Any) -> AsyncClient:
        options.setdefault("home", temporary_home(self))
        options.setdefault("timing", Timing(steady=0.0, retry=0.0, closing=0.2, last_acks=0.2))
        client = AsyncClient(
            name, address=hub.address, secret=SECRET, environment={}, random=lambda: 0.0, **options
        )
        self.addAsyncCleanup(client.close)
        return client

    async def registered(self, hub: FakeHub, **options: Any) -> AsyncClient:
        client = self.client_of(hub, **options)
        client.start()
        await client.register("rose")
        await hub.next("register")
        return client

    async def round_trip(self, client: AsyncClient) -> None:
        """Everything that the hub has said before is then known to the client."""
        await client.fetch()

    async def come_back(self, client: AsyncClient, hub: FakeHub) -> None:
        """Breaks the connection, and returns when the client is there again."""
        before = len(hub.all("resume"))
        hub.line.cut()
        while len(hub.all("resume")) == before:
            await hub.next("resume")
        await self.round_trip(client)


def attached(**more: Any) -> Params:
    token = more.pop("token", "token-1")
    return {
        "name": "rose",
        "session": {"token": token, "expiresAt": LATER},
        "epoch": "e1",
        "recovered": False,
        "waiting": 0,
        "topics": ["#all"],
        "autoCheck": {"enabled": False, "minutes": 0},
        "created": False,
        **more,
    }


def sent(params: Params, **more: Any) -> Params:
    outlook = {"kind": "online", "name": params["to"], "routes": ["wait"]}
    return {"id": "e1-100", "seq": 100, "sentAt": LATER, "duplicate": False, "outlook": outlook, **more}


def message(seq: int, **more: Any) -> Params:
    return {
        "id": f"e1-{seq}",
        "seq": seq,
        "kind": "message",
        "from": "claude",
        "to": "rose",
        "sentAt": LATER,
        "expiresAt": LATER,
        "priority": "normal",
        "content": f"message {seq}",
        **more,
    }
