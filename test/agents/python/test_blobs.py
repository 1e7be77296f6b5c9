"""Large bodies and files, where the hub or the network misbehaves. [P-40] [P-42] [P-43]"""

import asyncio
import hashlib
import http.server
import json
import threading
import unittest

from fake_hub import FakeHubCase, sent
from support import PATIENCE_S

from bellhop import BellhopError, Blob
from bellhop.address import parse_address
from bellhop.blobs import BlobAccess, download_blob, upload_blob

BODY = b"some bytes"
BLOB = Blob("h" * 21, len(BODY), hashlib.sha256(BODY).hexdigest(), "text/plain")


class Exchanges(unittest.IsolatedAsyncioTestCase):
    def serve(self, status=200, body=BODY, stall=False) -> BlobAccess:
        self.asked = []
        self.arrived = threading.Event()
        release = threading.Event()
        case = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                case.asked.append((self.command, self.path, dict(self.headers), self.rfile.read(length)))
                case.arrived.set()
                if stall:
                    release.wait(PATIENCE_S)
                    return
                self.send_response(status)
                self.send_header("Location", "http://elsewhere.example/")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = answer

            def log_message(self, *arguments) -> None:
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()

        def stop() -> None:
            release.set()
            server.shutdown()
            thread.join()
            server.server_close()

        self.addCleanup(stop)
        return BlobAccess(parse_address(f"ws://127.0.0.1:{server.server_port}/prefix/"), "a-token")

    async def failure(self, work):
        with self.assertRaises(BellhopError) as caught:
            await asyncio.wait_for(work, PATIENCE_S)
        self.assertNotIn("a-token", str(caught.exception))
        return caught.exception

    async def test_an_upload_says_type_size_name_and_session(self) -> None:
        answer = {"handle": BLOB.handle, "size": 3, "sha256": BLOB.sha256, "mediaType": "text/plain", "fileName": "é b"}
        access = self.serve(201, json.dumps(answer).encode())
        blob = await upload_blob(access, b"abc", "text/plain", "é b")
        self.assertEqual((blob.file_name, blob.size), ("é b", 3))
        [(method, path, headers, body)] = self.asked
        self.assertEqual((method, path, body), ("POST", "/prefix/blobs", b"abc"))
        self.assertEqual(headers["Authorization"], "Bearer a-token")
        self.assertEqual((headers["Content-Type"], headers["X-Bellhop-File-Name"]), ("text/plain", "%C3%A9%20b"))

    async def test_a_download_is_checked(self) -> None:
        self.assertEqual(await download_blob(self.serve(), BLOB), BODY)
        damaged = await self.failure(download_blob(self.serve(body=b"other byte"), BLOB))
        self.assertIn("damaged", damaged.message)
        self.assertIn("damaged", (await self.failure(download_blob(self.serve(body=b"some"), BLOB))).message)

    async def test_no_more_is_held_than_was_announced(self) -> None:
        error = await self.failure(download_blob(self.serve(body=b"x" * 200_000), BLOB))
        self.assertEqual(error.reason, "protocol_mismatch")

    async def test_refusals_are_the_hubs_own_and_other_answers_are_none(self) -> None:
        data = {"reason": "blob_unknown", "temporary": False, "next": "Take another handle."}
        refusal = {"error": {"code": -32014, "message": "No such blob.", "data": data}}
        error = await self.failure(download_blob(self.serve(404, json.dumps(refusal).encode()), BLOB))
        self.assertEqual((error.reason, error.next), ("blob_unknown", "Take another handle."))
        for status in (302, 502):
            error = await self.failure(download_blob(self.serve(status, b"<html>"), BLOB))
            self.assertEqual(error.reason, "hub_unreachable")
            self.assertIn(str(status), error.message)
        error = await self.failure(upload_blob(self.serve(201, b"{}"), b"abc", "text/plain"))
        self.assertEqual(error.reason, "protocol_mismatch")

    async def test_a_body_over_16_mib_goes_nowhere(self) -> None:
        access = self.serve()
        error = await self.failure(upload_blob(access, bytes(16 * 1024 * 1024 + 1), "text/plain"))
        self.assertEqual((error.reason, self.asked), ("too_large", []))

    async def test_a_transfer_that_is_given_up_ends_at_once(self) -> None:
        work = asyncio.ensure_future(download_blob(self.serve(stall=True), BLOB))
        await asyncio.to_thread(self.arrived.wait, PATIENCE_S)
        work.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await asyncio.wait_for(work, PATIENCE_S)


class LargeSends(FakeHubCase):
    async def test_nothing_to_the_same_recipient_overtakes_a_large_body(self) -> None:
        hub = await self.start_hub()
        client = await self.registered(hub)
        uploaded = asyncio.Event()

        async def upload(body: bytes) -> Blob:
            await uploaded.wait()
            return BLOB

        client._engine._outbox._upload = upload
        large = asyncio.ensure_future(client.send("claude", "x" * 2_000))
        small = asyncio.ensure_future(client.send("Claude", "small"))
        await client.send("iris", "to another")
        self.assertEqual([params["to"] for params in hub.all("send")], ["iris"])
        uploaded.set()
        await asyncio.gather(large, small)
        first, second = hub.all("send")[1:]
        self.assertEqual((first["blob"], "content" in first, second["content"]), (BLOB.handle, False, "small"))

    async def test_what_was_sent_before_a_large_body_is_repeated_before_it_after_a_break(self) -> None:
        hub = await self.start_hub()
        client = await self.registered(hub)
        uploaded = asyncio.Event()

        async def upload(body: bytes) -> Blob:
            await uploaded.wait()
            return BLOB

        client._engine._outbox._upload = upload
        answer = hub.rules.pop("send")
        before = asyncio.ensure_future(client.send("claude", "before"))
        await hub.next("send")
        large = asyncio.ensure_future(client.send("claude", "x" * 2_000))
        hub.rules["send"] = answer
        await self.come_back(client, hub)
        uploaded.set()
        await asyncio.wait_for(asyncio.gather(before, large), PATIENCE_S)
        sends = [params.get("content", "large") for params in hub.all("send")]
        self.assertEqual(sends, ["before", "before", "large"])

    async def test_an_upload_that_failed_by_itself_is_repeated_and_a_refused_one_is_not(self) -> None:
        hub = await self.start_hub()
        client = await self.registered(hub)
        outcomes = [
            BellhopError("hub_unreachable", "It broke.", "Again.", True),
            BLOB,
            BellhopError("storage_unavailable", "Full.", "Later.", True),
        ]

        async def upload(body: bytes) -> Blob:
            outcome = outcomes.pop(0)
            if isinstance(outcome, BellhopError):
                raise outcome
            return outcome

        client._engine._outbox._upload = upload
        hub.rules["send"] = lambda asked: asked.answer(sent(asked.params))
        await client.send("claude", "x" * 2_000)
        with self.assertRaises(BellhopError) as caught:
            await client.send("claude", "x" * 2_000)
        self.assertEqual(caught.exception.reason, "storage_unavailable")
        self.assertEqual(len(hub.all("send")), 1)


if __name__ == "__main__":
    unittest.main()
