"""An event loop in a thread of its own, for programs that have none."""

from __future__ import annotations

import asyncio
import threading
from typing import Any, Callable, Coroutine, TypeVar

from .failures import closed_by_owner

T = TypeVar("T")


class LoopThread:
    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="bellhop", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Runs it on the loop and waits for its end. An interrupt (Ctrl-C) cancels it."""
        if not self._thread.is_alive():
            work.close()
            raise closed_by_owner()
        if threading.current_thread() is self._thread:
            work.close()
            raise RuntimeError("a listener runs on the client's own thread and must not wait for the client")
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def call(self, work: Callable[[], T]) -> T:
        """A plain function on the loop; at once where this is its thread already."""
        if threading.current_thread() is self._thread:
            return work()

        async def there() -> T:
            return work()

        return self.run(there())

    def stop(self) -> None:
        if not self._thread.is_alive():
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        try:
            self._loop.run_forever()
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
        finally:
            self._loop.close()
