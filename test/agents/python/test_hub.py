"""A real hub, as a process: everything that a client can do, and a hub that is killed. [P-10] [P-11] [P-40] [P-50]"""

import asyncio
import hashlib
import os
import unittest

from support import PATIENCE_S, RealHub, Recorder, temporary_home

from bellhop import EVERYONE, AsyncClient, BellhopError

LARGE = "Größe und Zeichen: ✓ 漢字 🛎. " * 6_000
"""Over 200 KiB, most of it not ASCII."""


class WithHub(unittest.IsolatedAsyncioTestCase):
    def setUp(self) -> None:
        self.hub = RealHub(self)

    async def enter(self, name=None, **options) -> AsyncClient:
        options.setdefault("environment", {"BELLHOP_HOME": self.hub.home})
        client = await AsyncClient(name, **options).__aenter__()
        self.addAsyncCleanup(client.close)
        return client

    async def refusal(self, work) -> BellhopError:
        with self.assertRaises(BellhopError) as caught:
            await asyncio.wait_for(work, PATIENCE_S)
        self.assertTrue(caught.exception.next)
        return caught.exception

    async def next_of(self, client):
        message = await client.next_message(timeout=PATIENCE_S)
        assert message is not None
        return message


class Conversations(WithHub):
    async def test_send_push_acknowledge_and_what_the_sender_is_told(self) -> None:
        claude = await self.enter("claude")
        future = await claude.send("rose", "You will see this.")
        self.assertEqual(future.outlook.kind, "unregistered")
        rose = await self.enter("rose", routes=("wait",))
        first = await self.next_of(rose)
        self.assertEqual((first.content, first.sender, first.kind), ("You will see this.", "claude", "message"))
        receipts = Recorder()
        shown = asyncio.Event()
        claude.on("receipt", receipts)
        claude.on("receipt", lambda receipt: shown.set())
        self.assertTrue(await rose.ack(first, route="wait"))
        await asyncio.wait_for(shown.wait(), PATIENCE_S)
        self.assertEqual([(one.id, one.state, one.route) for one in receipts.told], [(future.id, "shown", "wait")])
        told = (await claude.receipts(id=future.id)).receipts[0]
        self.assertEqual([step.state for step in told.recipients[0].steps], ["queued", "shown"])

        sent = await claude.send("rose", "And this.", data={"n": [1, 2]}, priority="urgent", thread="t")
        self.assertEqual((sent.outlook.kind, sent.outlook.routes), ("online", ["wait"]))
        second = await self.next_of(rose)
        self.assertEqual((second.data, second.priority, second.thread), ({"n": [1, 2]}, "urgent", "t"))
        self.assertEqual([one.id for one in (await rose.fetch()).messages], [second.id])
        await rose.ack([second])
        self.assertEqual((await rose.fetch()).messages, [])
        self.assertEqual([one.id for one in (await rose.history(with_="claude")).messages], [second.id, first.id])

    async def test_ask_and_reply(self) -> None:
        rose, claude = await self.enter("rose"), await self.enter("claude")

        async def answer() -> None:
            question = await self.next_of(claude)
            await claude.reply(question, "green")

        answering = asyncio.ensure_future(answer())
        self.assertEqual((await rose.ask("claude", "The build?", timeout=PATIENCE_S)).content, "green")
        await answering

    async def test_list_topics_broadcast_configuration_and_status(self) -> None:
        rose, claude = await self.enter("rose"), await self.enter("claude", presence=True)
        self.assertEqual([one.name for one in (await rose.list()).agents], ["claude", "rose"])
        self.assertTrue((await rose.join("#front")).joined)
        self.assertEqual((await claude.send("#front", "to the topic")).outlook.recipients, 1)
        self.assertEqual((await self.next_of(rose)).to, "#front")
        self.assertTrue((await rose.leave("#front")).left)
        self.assertEqual((await self.refusal(claude.send("#front", "nobody"))).reason, "no_recipients")
        await claude.send(EVERYONE, "broadcast")
        self.assertEqual((await self.next_of(rose)).content, "broadcast")
        self.assertEqual((await rose.configure(enabled=True, minutes=5)).auto_check.minutes, 5)
        await rose.reach(["wait", "hook"])
        status = await rose.status()
        assert status.agent is not None
        self.assertEqual((status.agent.name, status.agent.auto_check.minutes, status.hub.online), ("rose", 5, 2))
        gone = asyncio.get_running_loop().create_future()
        claude.on("presence", lambda presence: gone.done() or gone.set_result(presence))
        await rose.close()
        presence = await asyncio.wait_for(gone, PATIENCE_S)
        self.assertEqual((presence.name, presence.online), ("rose", False))

    async def test_a_rename_moves_the_key_and_release_forgets_it(self) -> None:
        rose = await self.enter("rose")
        key = self.key("rose")
        renamed = await rose.rename("rosy")
        self.assertEqual((renamed.previous, rose.name, self.key("rosy")), ("rose", "rosy", key))
        self.assertFalse(os.path.exists(os.path.join(self.hub.home, "keys", "rose")))
        sent = await (await self.enter("claude")).send("rose", "to the old name")
        self.assertEqual((sent.outlook.name, sent.outlook.forwarded_from), ("rosy", "rose"))
        await rose.release()
        self.assertIsNone(rose.name)
        self.assertFalse(os.path.exists(os.path.join(self.hub.home, "keys", "rosy")))
        self.assertEqual((await self.refusal(rose.send("claude", "without a name"))).reason, "not_registered")

    def key(self, name):
        with open(os.path.join(self.hub.home, "keys", name), encoding="utf-8") as file:
            return file.read()

    async def test_large_bodies_and_files_over_the_socket_and_over_tcp(self) -> None:
        self.assertGreater(len(LARGE.encode()), 200 * 1024)
        with open(os.path.join(self.hub.home, "secret"), encoding="utf-8") as file:
            secret = file.read().strip()
        over_tcp = {"BELLHOP_URL": self.hub.url, "BELLHOP_SECRET": secret, "BELLHOP_HOME": temporary_home(self)}
        rose, claude = await self.enter("rose"), await self.enter("claude", environment=over_tcp)
        for sender, reader in ((rose, claude), (claude, rose)):
            await sender.send(reader.name, LARGE)
            message = await self.next_of(reader)
            self.assertTrue(message.is_summary)
            self.assertLess(len(message.content), 1_000)
            self.assertEqual(await reader.read_body(message), LARGE)
            body = bytes(range(256)) * 4_000
            blob = await sender.upload(body, media_type="application/x-test", file_name="ä 1.bin")
            await sender.send(reader.name, "a file", blob=blob)
            message = await self.next_of(reader)
            assert message.blob is not None
            self.assertEqual((message.content, message.blob.file_name), ("a file", "ä 1.bin"))
            self.assertEqual(await reader.download(message.blob), body)
            self.assertEqual(message.blob.sha256, hashlib.sha256(body).hexdigest())
            self.assertEqual(await reader.read_body(message), "a file")


class Refusals(WithHub):
    async def test_a_wrong_secret(self) -> None:
        wrong = {"BELLHOP_URL": self.hub.url, "BELLHOP_SECRET": "guessed-by-nobody-1"}
        error = await self.refusal(self.enter("rose", environment={**wrong, "BELLHOP_HOME": temporary_home(self)}))
        self.assertEqual((error.reason, error.temporary), ("authentication_failed", False))
        self.assertNotIn("guessed-by-nobody", str(error))

    async def test_a_name_of_somebody_else_and_one_that_is_in_use(self) -> None:
        rose = await self.enter("rose")
        error = await self.refusal(self.enter("Rose"))
        self.assertEqual(error.reason, "name_in_use")
        stranger = {"BELLHOP_URL": f"unix:{self.hub.home}/hub.sock", "BELLHOP_HOME": temporary_home(self)}
        with open(os.path.join(self.hub.home, "secret"), encoding="utf-8") as file:
            stranger["BELLHOP_SECRET"] = file.read().strip()
        error = await self.refusal(self.enter("rose", environment=stranger))
        self.assertEqual((error.reason, error.temporary), ("name_taken", False))
        self.assertEqual((await self.refusal(self.enter("hub"))).reason, "name_reserved")

        await self.enter("rose", take_over=True)
        error = await self.refusal(rose.next_message(timeout=PATIENCE_S))
        self.assertEqual((error.reason, rose.state.kind), ("taken_over", "closed"))

    async def test_refusals_keep_the_hubs_words(self) -> None:
        rose = await self.enter("rose")
        self.assertEqual((await self.refusal(rose.rename("all"))).reason, "name_reserved")
        self.assertEqual((await self.refusal(rose.join(EVERYONE))).reason, "topic_fixed")
        self.assertEqual((await self.refusal(rose.send("claude", "x", reply_to="e1-7"))).reason, "message_unknown")
        self.assertEqual((await self.refusal(rose.send("claude", "x", ttl_seconds=1))).reason, "invalid_params")
        with self.assertRaises(ValueError):
            await rose.request("register", {})


class Killed(WithHub):
    async def test_a_killed_hub_loses_nothing_and_repeats_nothing(self) -> None:
        rose, claude = await self.enter("rose"), await self.enter("claude")
        resets = Recorder()
        rose.on("reset", resets)
        for number in range(3):
            await claude.send("rose", f"before {number}")
        first = await self.next_of(rose)
        await rose.ack(first)
        self.hub.kill()
        sending = [asyncio.ensure_future(claude.send("rose", f"while it was away {number}")) for number in range(3)]
        unconfirmed = await self.next_of(rose)
        acknowledging = asyncio.ensure_future(rose.ack(unconfirmed, timeout=PATIENCE_S))
        await asyncio.to_thread(self.hub.start)
        self.assertEqual([sent.duplicate for sent in await asyncio.gather(*sending)], [False] * 3)
        self.assertTrue(await acknowledging)
        rest = [(await self.next_of(rose)).content for _ in range(4)]
        self.assertEqual(rest, ["before 2", *(f"while it was away {number}" for number in range(3))])
        self.assertIsNone(await rose.next_message(timeout=0))
        self.assertEqual(resets.told, [])
        unread = [message.content for message in (await rose.fetch()).messages]
        self.assertEqual(unread, rest)

    async def test_a_question_is_answered_over_the_death_of_the_hub(self) -> None:
        rose, claude = await self.enter("rose"), await self.enter("claude")
        asking = asyncio.ensure_future(rose.ask("claude", "still there?", timeout=PATIENCE_S))
        question = await self.next_of(claude)
        self.hub.kill()
        await asyncio.to_thread(self.hub.start)
        await claude.reply(question, "yes")
        self.assertEqual((await asking).content, "yes")


if __name__ == "__main__":
    unittest.main()
