#!/usr/bin/env python3
"""
The driver of this package for the conformance kit (protocol/conformance/README.md): commands come as
lines of JSON on standard input, answers and events go to standard output.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import Any, Awaitable, Callable, Dict, Optional, Set

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from bellhop import AsyncClient, BellhopError
from bellhop.close_codes import may_reconnect
from bellhop.hub_methods import PLAIN_METHODS
from bellhop.names import is_valid_name
from bellhop.secret import prove
from bellhop.shapes import encode

Params = Dict[str, Any]

LINE_BYTES = 64 * 1024 * 1024
LONG_S = 3600.0
"""The kit ends a conversation that takes too long, and not the driver."""
SENDING = {
    "to": "to",
    "content": "content",
    "data": "data",
    "replyTo": "reply_to",
    "thread": "thread",
    "priority": "priority",
    "blob": "blob",
    "ttlSeconds": "ttl_seconds",
}


class Driver:
    def __init__(self) -> None:
        self._client: Optional[AsyncClient] = None
        self._commands: Dict[str, Callable[[Params], Awaitable[Any]]] = {
            "start": self._start,
            "register": self._register,
            "send": self._send,
            "ack": self._ack,
            "rename": self._rename,
            "release": self._release,
            "close": self._close,
            "proof": self._proof,
            "validName": self._valid_name,
            "mayReconnect": self._may_reconnect,
        }

    async def run(self) -> None:
        """Until standard input ends."""
        commands = asyncio.StreamReader(limit=LINE_BYTES)
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
        under_way: Set["asyncio.Future[None]"] = set()
        async for line in commands:
            task = asyncio.ensure_future(self._obey(json.loads(line)))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
        await self._close({})
        await asyncio.gather(*under_way)

    async def _obey(self, command: Dict[str, Any]) -> None:
        try:
            result = await self._do(command["method"], command.get("params") or {})
            write({"id": command["id"], "result": encode(result)})
        except BellhopError as error:
            write({"id": command["id"], "error": error_line(error)})

    async def _do(self, method: str, params: Params) -> Any:
        known = self._commands.get(method)
        if known is not None:
            return await known(params)
        if method in PLAIN_METHODS:
            return await self._running.request(method, params)
        raise BellhopError("unsupported", f'This driver does not know "{method}".', "Leave it out.")

    @property
    def _running(self) -> AsyncClient:
        if self._client is None:
            raise BellhopError("closed", "There is no client.", "Begin with start.")
        return self._client

    async def _start(self, params: Params) -> Any:
        client = self._client = AsyncClient(program="bellhop-python-driver", **params)
        for event in ("message", "receipt", "presence", "renamed"):
            client.on(event, lambda happening, event=event: write({"event": event, "params": encode(happening)}))
        client.on("reset", lambda: write({"event": "reset", "params": {}}))
        client.on("state", write_state)
        client.start()
        return {}

    async def _register(self, params: Params) -> Any:
        return await self._running.register(params["name"], take_over=params.get("takeOver", False))

    async def _send(self, params: Params) -> Any:
        return await self._running.send(**{SENDING[name]: value for name, value in params.items()})

    async def _ack(self, params: Params) -> Any:
        await self._running.ack(params["ids"], params["state"], params["route"], timeout=LONG_S)
        return {}

    async def _rename(self, params: Params) -> Any:
        return await self._running.rename(params["name"])

    async def _release(self, params: Params) -> Any:
        return await self._running.release()

    async def _close(self, params: Params) -> Any:
        if self._client is not None:
            await self._client.close()
        return {}

    async def _proof(self, params: Params) -> Any:
        return {"proof": prove(params["secret"], params["role"], params["hubNonce"], params["clientNonce"])}

    async def _valid_name(self, params: Params) -> Any:
        return {"valid": is_valid_name(params["name"])}

    async def _may_reconnect(self, params: Params) -> Any:
        return {"mayReconnect": may_reconnect(params["code"])}


def write_state(state: Any) -> None:
    error = getattr(state, "cause", None)
    params = {"state": state.kind, **({"error": error_line(error)} if error else {})}
    write({"event": "state", "params": params})


def error_line(error: BellhopError) -> Params:
    line: Params = {
        "reason": error.reason,
        "message": error.message,
        "next": error.next,
        "temporary": error.temporary,
    }
    if error.retry_after_ms is not None:
        line["retryAfterMs"] = error.retry_after_ms
    return line


def write(line: Params) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(Driver().run())
