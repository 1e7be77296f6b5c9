"""Sends and questions: once each, in order, and truthful about what is not known. [P-20] [P-21] [P-22]"""

import asyncio
import unittest

from fake_hub import FakeHubCase, attached, sent
from support import PATIENCE_S, Recorder

from bellhop import BellhopError


class Sending(FakeHubCase):
    async def test_a_send_whose_answer_is_lost_is_repeated_with_its_client_id_until_it_is_answered(self) -> None:
        hub = await self.start_hub()
        client = await self.registered(hub)
        hub.rules["send"] = lambda asked: asked.line.cut()
        sending = asyncio.ensure_future(client.send("claude", "hello", data={"n": 1}))
        await hub.next("send")
        hub.rules["send"] = lambda asked: asked.answer(sent(asked.params, duplicate=True))
        self.assertTrue((await sending).duplicate)
        first, second = hub.all("send")
        self.assertEqual(first, second)
        self.assertEqual(first["data"], {"n": 1})

    async def test_sends_that_broke_off_are_repeated_in_their_order_before_later_ones(self) -> None:
        hub = await self.start_hub()
        client = await self.registered(hub)
        del hub.rules["send"]
        sending = [asyncio.ensure_future(client.send("claude", str(number))) for number in range(5)]
        for _ in range(5):
            await hub.next("send")
        hub.rules["send"] = lambda asked: asked.answer(sent(asked.params))
        hub.line.cut()
        await hub.next("resume")
        sending.append(asyncio.ensure_future(client.send("claude", "5")))
        await asyncio.wait_for(asyncio.gather(*sending), PATIENCE_S)
        contents = [params["content"] for params in hub.all("send")]
        self.assertEqual(contents, ["0", "1", "2", "3", "4", "0", "1", "2", "3", "4", "5"])
        self.assertEqual(len({params["clientId"] for params in hub.all("send")}), 6)

    async def test_another_name_on_the_same_connection_repeats_nothing_that_is_under_way(self) -> None:
        hub = await self.start_hub()
        client = await self.registered(hub)
        del hub.rules["send"]
        sending = asyncio.ensure_future(client.send("claude", "hello"))
        asked = await hub.next("send")
        await client.register("iris")
        await self.round_trip(client)
        self.assertEqual(len(hub.all("send")), 1)
        asked.answer(sent(asked.params))
        await sending

    async def test_a_hub_that_shuts_down_has_not_carried_it_out(self) -> None:
        hub = await self.start_hub()
        client = await self.registered(hub)

        def shut_down(asked):
            asked.refuse("shutting_down", temporary=True)
            asked.line.close(4000, "going_away")

        hub.rules["send"] = shut_down
        sending = asyncio.ensure_future(client.send("claude", "hello"))
        await hub.next("send")
        hub.rules["send"] = lambda asked: asked.answer(sent(asked.params))
        self.assertEqual((await sending).id, "e1-100")

    async def test_a_refusal_has_the_hubs_own_words(self) -> None:
        hub = await self.start_hub()
        client = await self.registered(hub)
        hub.rules["send"] = lambda asked: asked.refuse("rate_limited", temporary=True, retryAfterMs=1500)
        with self.assertRaises(BellhopError) as caught:
            await client.send("claude", "hello")
        error = caught.exception
        self.assertEqual(
            (error.reason, error.message, error.next, error.temporary, error.retry_after_ms),
            ("rate_limited", "No.", "Do something else.", True, 1500),
        )

    async def test_at_the_deadline_it_says_whether_a_hub_may_have_seen_it(self) -> None:
        hub = await self.start_hub()
        client = await self.registered(hub)
        del hub.rules["send"]
        with self.assertRaises(BellhopError) as caught:
            await client.send("claude", "hello", timeout=0.05)
        self.assertEqual(caught.exception.reason, "unconfirmed")
        del hub.rules["resume"]
        hub.line.cut()
        await hub.next("resume")
        with self.assertRaises(BellhopError) as caught:
            await client.send("claude", "hello", timeout=0.05)
        self.assertEqual(caught.exception.reason, "not_sent")

    async def test_a_send_that_was_given_up_is_not_repeated(self) -> None:
        hub = await self.start_hub()
        client = await self.registered(hub)
        del hub.rules["send"]
        sending = asyncio.ensure_future(client.send("claude", "hello"))
        await hub.next("send")
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        await self.come_back(client, hub)
        self.assertEqual(len(hub.all("send")), 1)

    async def test_closing_ends_what_is_under_way(self) -> None:
        hub = await self.start_hub()
        client = await self.registered(hub)
        del hub.rules["send"]
        sending = asyncio.ensure_future(client.send("claude", "hello"))
        await hub.next("send")
        await client.close()
        with self.assertRaises(BellhopError) as caught:
            await sending
        self.assertEqual(caught.exception.reason, "unconfirmed")

    async def test_what_no_hub_would_take_waits_for_none(self) -> None:
        hub = await self.start_hub()
        client = self.client_of(hub)
        client.start()
        for arguments, reason in (
            (("claude", "hello"), "not_registered"),
            (("two words", "hello"), "name_invalid"),
            (("claude", "half a \ud83d character"), "invalid_params"),
        ):
            with self.assertRaises(BellhopError) as caught:
                await client.send(*arguments)
            self.assertEqual(caught.exception.reason, reason)

    async def test_arguments_that_cannot_be_sent_are_refused_in_words(self) -> None:
        hub = await self.start_hub()
        client = await self.registered(hub)
        frames = len(hub.all("send"))
        for call, words in (
            (lambda: client.send("claude", "hello", data=[1]), "data must be an object"),
            (lambda: client.send("claude", "hello", data={"n": object()}), "cannot be written as JSON"),
            (lambda: client.send("claude", 5), "content must be a text"),
            (lambda: client.reply("zz", "x"), "and not its id; this is of type str."),
            (lambda: client.ack(5), "its id, or several"),
            (lambda: client.ack(["e1-1", None]), "this is of type NoneType."),
            (lambda: client.upload("text"), "must be bytes"),
            (lambda: client.upload(b"bytes", file_name=5), "file_name must be a text"),
            (lambda: client.reach(5), "routes must be a list"),
            (lambda: client.download("handle"), "the blob of a message"),
            (lambda: client.read_body("e1-1"), "must be a message"),
        ):
            with self.assertRaises(BellhopError) as caught:
                await call()
            self.assertEqual(caught.exception.reason, "invalid_params")
            self.assertIn(words, caught.exception.message)
        self.assertEqual(len(hub.all("send")), frames)

    async def test_a_frame_over_the_hubs_limit_is_refused_here(self) -> None:
        hub = await self.start_hub(inlineBytes=10_000_000, frameBytes=2_000)
        client = await self.registered(hub)
        with self.assertRaises(BellhopError) as caught:
            await client.send("claude", "x" * 3_000)
        self.assertEqual(caught.exception.reason, "too_large")
        self.assertEqual(len(hub.lines), 1)

    async def test_sends_begun_before_the_registration_wait_for_it(self) -> None:
        hub = await self.start_hub()
        client = self.client_of(hub)
        client.start()
        registering = asyncio.ensure_future(client.register("rose"))
        await hub.next("register")
        await client.send("claude", "hello")
        await registering


class Asking(FakeHubCase):
    async def start(self):
        hub = await self.start_hub()
        client = await self.registered(hub)
        messages = Recorder()
        client.on("message", messages)
        return hub, client, messages

    async def test_the_answer_comes_back_from_ask_and_from_nowhere_else(self) -> None:
        hub, client, messages = await self.start()
        asking = asyncio.ensure_future(client.ask("claude", "green?"))
        await hub.next("send")
        hub.line.push(1)
        hub.line.push(2, replyTo="e1-100")
        self.assertEqual((await asking).id, "e1-2")
        self.assertEqual([one.id for one in messages.told], ["e1-1"])
        self.assertEqual([one.id async for one in client.messages(timeout=0)], ["e1-1"])

    async def test_an_answer_that_overtakes_the_confirmation_is_found(self) -> None:
        hub, client, _ = await self.start()

        def overtake(asked):
            asked.line.push(1, replyTo="e1-100")
            asked.answer(sent(asked.params))

        hub.rules["send"] = overtake
        self.assertEqual((await client.ask("claude", "green?")).id, "e1-1")
        self.assertIsNone(await client.next_message(timeout=0))

    async def test_no_answer_names_the_question_and_a_late_one_is_ordinary_mail(self) -> None:
        hub, client, _ = await self.start()
        with self.assertRaises(BellhopError) as caught:
            await client.ask("claude", "green?", timeout=0.05)
        self.assertEqual((caught.exception.reason, caught.exception.details), ("no_answer", {"to": "claude", "id": "e1-100"}))
        hub.line.push(1, replyTo="e1-100")
        late = await client.next_message(timeout=PATIENCE_S)
        self.assertEqual(late and late.id, "e1-1")

    async def test_an_answer_is_awaited_over_a_break(self) -> None:
        hub, client, _ = await self.start()
        asking = asyncio.ensure_future(client.ask("claude", "green?"))
        await hub.next("send")
        await self.round_trip(client)
        hub.rules["resume"] = lambda asked: asked.answer(attached(recovered=False))
        await self.come_back(client, hub)
        hub.line.push(3, replyTo="e1-100")
        self.assertEqual((await asking).id, "e1-3")

    async def test_a_reply_goes_to_the_sender_in_its_thread(self) -> None:
        hub, client, _ = await self.start()
        hub.line.push(1, thread="deploy")
        question = await client.next_message(timeout=PATIENCE_S)
        assert question is not None
        await client.reply(question, "yes")
        params = hub.all("send")[-1]
        self.assertEqual((params["to"], params["replyTo"], params["thread"]), ("claude", "e1-1", "deploy"))


if __name__ == "__main__":
    unittest.main()
