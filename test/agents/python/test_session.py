"""Reconnecting: resume, order, once each. [P-12] [P-30] [P-31] [P-33]"""

import asyncio
import unittest

from fake_hub import FakeHubCase, attached, message
from support import PATIENCE_S, Recorder

from bellhop import BellhopError
from bellhop.inbox import HELD_MAX, Inbox
from bellhop.message import Message
from bellhop.shapes import decode


def ids(recorder):
    return [told.id for told in recorder.told]


class Sessions(FakeHubCase):
    async def start(self, **options):
        hub = await self.start_hub()
        client = await self.registered(hub, **options)
        messages, resets = Recorder(), Recorder()
        client.on("message", messages)
        client.on("reset", resets)
        return hub, client, messages, resets

    async def test_a_resume_has_the_highest_seq_that_was_pushed_and_the_same_wishes(self) -> None:
        hub, client, messages, _ = await self.start(window=7, routes=("wait",), presence=True)
        wishes = {"window": 7, "routes": ["wait"], "presence": True}
        self.assertEqual({name: hub.all("register")[0][name] for name in wishes}, wishes)
        hub.line.push(3, 9, 3)
        await self.round_trip(client)
        await self.come_back(client, hub)
        position = {"epoch": "e1", "seq": 9}
        self.assertEqual(hub.all("resume"), [{"session": "token-1", "position": position, **wishes}])
        self.assertEqual(ids(messages), ["e1-3", "e1-9"])

    async def test_a_message_that_is_pushed_twice_is_handed_out_once_on_one_connection_and_over_two(self) -> None:
        hub, client, messages, _ = await self.start()
        hub.line.push(1, 2, 1)
        await self.round_trip(client)
        await self.come_back(client, hub)
        hub.line.push(2, 3)
        await self.round_trip(client)
        self.assertEqual(ids(messages), ["e1-1", "e1-2", "e1-3"])
        taken = [await client.next_message(timeout=0) for _ in range(4)]
        self.assertEqual([one and one.id for one in taken], ["e1-1", "e1-2", "e1-3", None])

    async def test_pushes_that_come_right_behind_the_answer_are_not_missed(self) -> None:
        hub = await self.start_hub()

        def register(asked):
            asked.answer(attached())
            asked.line.push(1, 2)

        hub.rules["register"] = register
        client = self.client_of(hub)
        messages = Recorder()
        client.on("message", messages)
        client.start()
        await client.register("rose")
        await self.round_trip(client)
        self.assertEqual(ids(messages), ["e1-1", "e1-2"])

    async def test_not_recovered_what_is_held_is_void_and_comes_afresh(self) -> None:
        hub, client, messages, resets = await self.start()
        hub.line.push(1, 2)
        await self.round_trip(client)
        hub.rules["resume"] = lambda asked: asked.answer(attached(recovered=False))
        await self.come_back(client, hub)
        self.assertEqual(resets.told, [None])
        hub.line.push(1, 2)
        await self.round_trip(client)
        self.assertEqual(ids(messages), ["e1-1", "e1-2"] * 2)
        taken = [await client.next_message(timeout=0) for _ in range(3)]
        self.assertEqual([one and one.id for one in taken], ["e1-1", "e1-2", None])

    async def test_a_ledger_of_another_epoch_voids_what_is_held_even_if_it_claims_to_have_recovered(self) -> None:
        hub, client, _, resets = await self.start()
        hub.line.push(5)
        await self.round_trip(client)
        hub.rules["resume"] = lambda asked: asked.answer(attached(epoch="e2", recovered=True))
        await self.come_back(client, hub)
        self.assertEqual(len(resets.told), 1)
        await self.come_back(client, hub)
        self.assertEqual(hub.all("resume")[-1]["position"], {"epoch": "e2", "seq": 0})

    async def test_a_session_that_is_no_more_is_replaced_by_a_registration_with_the_same_key(self) -> None:
        hub, client, _, _ = await self.start()
        hub.rules["resume"] = lambda asked: asked.refuse("session_invalid")
        hub.rules["register"] = lambda asked: asked.answer(attached(token="token-2"))
        hub.line.cut()
        await hub.next("register")
        await self.round_trip(client)
        first, second = hub.all("register")
        self.assertEqual(second["key"], first["key"])
        hub.rules["resume"] = lambda asked: asked.answer(attached(recovered=True))
        await self.come_back(client, hub)
        self.assertEqual(hub.all("resume")[-1]["session"], "token-2")

    async def test_a_name_that_was_lost_meanwhile_leaves_the_client_ready_and_says_why(self) -> None:
        hub, client, _, resets = await self.start()
        ready = asyncio.get_running_loop().create_future()
        client.on("state", lambda state: state.kind == "ready" and ready.set_result(state.cause))
        hub.rules["resume"] = lambda asked: asked.refuse("name_in_use")
        hub.line.cut()
        self.assertEqual((await asyncio.wait_for(ready, PATIENCE_S)).reason, "name_in_use")
        self.assertIsNone(client.name)
        self.assertEqual(len(resets.told), 1)

    async def test_a_refusal_that_will_pass_costs_the_connection_and_not_the_name(self) -> None:
        hub, client, _, _ = await self.start()
        hub.rules["resume"] = lambda asked: asked.refuse("storage_unavailable", temporary=True, retryAfterMs=5)
        hub.line.cut()
        await hub.next("resume")
        hub.rules["resume"] = lambda asked: asked.answer(attached(recovered=True))
        await hub.next("resume")
        await self.round_trip(client)
        self.assertEqual(client.name, "rose")

    async def test_acknowledgements_of_one_turn_travel_together_and_are_repeated_until_confirmed(self) -> None:
        hub, client, messages, _ = await self.start()
        hub.line.push(1, 2)
        await self.round_trip(client)
        hub.rules["ack"] = lambda asked: asked.line.cut()
        waiting = [asyncio.ensure_future(client.ack(one, timeout=PATIENCE_S)) for one in messages.told]
        await hub.next("ack")
        del hub.rules["ack"]
        second = await hub.next("ack")
        self.assertEqual(second.params, {"ids": ["e1-1", "e1-2"], "state": "shown", "route": "fetch"})
        second.answer({"settled": 2, "waiting": 0})
        self.assertEqual(await asyncio.gather(*waiting), [True, True])

    async def test_an_acknowledged_message_that_is_pushed_again_is_acknowledged_again_and_not_handed_out(self) -> None:
        hub, client, messages, _ = await self.start()
        hub.line.push(1)
        await self.round_trip(client)
        self.assertTrue(await client.ack("e1-1", "shown", "wait"))
        hub.rules["resume"] = lambda asked: asked.answer(attached(recovered=False))
        await self.come_back(client, hub)
        hub.line.push(1)
        await self.round_trip(client)
        await hub.next("ack")
        self.assertEqual((await hub.next("ack")).params, {"ids": ["e1-1"], "state": "shown", "route": "wait"})
        self.assertEqual(ids(messages), ["e1-1"])
        self.assertIsNone(await client.next_message(timeout=0))

    async def test_what_is_offered_stays_unread_here(self) -> None:
        hub, client, _, _ = await self.start()
        hub.line.push(1)
        await self.round_trip(client)
        await client.ack(["e1-1"], "offered", "hook")
        self.assertEqual(hub.all("ack"), [{"ids": ["e1-1"], "state": "offered", "route": "hook"}])
        taken = await client.next_message(timeout=0)
        self.assertEqual(taken and taken.id, "e1-1")

    async def test_a_thousand_and_more_acknowledgements_travel_in_pieces(self) -> None:
        hub, client, _, _ = await self.start()
        await client.ack([f"e1-{seq}" for seq in range(2_500)])
        self.assertEqual([len(params["ids"]) for params in hub.all("ack")], [1024, 1024, 452])

    async def test_a_hub_that_pushes_far_more_than_the_window_is_cut_off(self) -> None:
        hub, client, _, _ = await self.start()
        hub.line.push(*range(1, HELD_MAX + 3))
        await hub.next("resume")
        await self.round_trip(client)
        self.assertLessEqual(len([one async for one in client.messages(timeout=0)]), HELD_MAX + 1)

    async def test_a_listener_that_raises_harms_nobody(self) -> None:
        errors = Recorder()
        hub, client, messages, _ = await self.start(on_error=errors)
        broken = ValueError("a listener's own")

        def raise_it(message):
            raise broken

        client.on("message", raise_it)
        hub.line.push(1)
        await self.round_trip(client)
        self.assertEqual(errors.told, [broken])
        self.assertEqual(ids(messages), ["e1-1"])
        with self.assertRaises(ValueError):
            client.on("mesage", raise_it)

    async def test_messages_end_when_the_client_is_closed(self) -> None:
        hub, client, _, _ = await self.start()
        hub.line.push(1)
        seen = []
        async for one in client.messages():
            seen.append(one.id)
            await client.close()
        self.assertEqual(seen, ["e1-1"])
        with self.assertRaises(BellhopError) as caught:
            await client.list()
        self.assertEqual(caught.exception.reason, "closed")

    async def test_everything_that_is_told_unasked(self) -> None:
        hub, client, _, _ = await self.start()
        told = Recorder()
        for event in ("receipt", "presence", "renamed"):
            client.on(event, told)
        at = "2031-01-01T00:00:00.000Z"
        hub.line.notify("receipt", {"id": "e1-7", "name": "claude", "state": "shown", "at": at, "route": "wait"})
        hub.line.notify("presence", {"name": "claude", "online": False})
        hub.line.notify("renamed", {"previous": "rose", "name": "rosy", "forwardsUntil": at})
        hub.line.notify("of a later revision", {})
        await self.round_trip(client)
        self.assertEqual([type(one).__name__ for one in told.told], ["ReceiptUpdate", "Presence", "Renamed"])
        self.assertEqual(client.name, "rosy")

    async def test_a_renamed_agent_keeps_its_key_under_the_new_name(self) -> None:
        hub, client, _, _ = await self.start()
        at = "2031-01-01T00:00:00.000Z"
        hub.rules["rename"] = lambda asked: asked.answer(
            {"previous": "rose", "name": asked.params["name"], "forwardsUntil": at}
        )
        await client.rename("rosy")
        hub.rules["resume"] = lambda asked: asked.refuse("session_invalid")
        hub.line.cut()
        again = await hub.next("register")
        self.assertEqual((again.params["name"], again.params["key"]), ("rosy", hub.all("register")[0]["key"]))

    async def test_changed_routes_are_asked_for_again_after_a_break(self) -> None:
        hub, client, _, _ = await self.start()
        hub.rules["reach"] = lambda asked: asked.answer({})
        hub.rules["join"] = lambda asked: asked.answer({"topic": "#front", "members": 1, "joined": True})
        await client.reach(["wait", "hook"])
        await client.join("#front")
        assert client.registration is not None
        self.assertEqual(client.registration.topics, ("#all", "#front"))
        await self.come_back(client, hub)
        self.assertEqual(hub.all("resume")[-1]["routes"], ["wait", "hook"])

    async def test_a_request_whose_answer_is_lost_is_not_repeated(self) -> None:
        hub, client, _, _ = await self.start()
        hub.rules["join"] = lambda asked: asked.line.cut()
        with self.assertRaises(BellhopError) as caught:
            await client.join("#front")
        self.assertEqual(caught.exception.reason, "hub_unreachable")
        self.assertIn("may have been carried out", caught.exception.message)
        await hub.next("resume")
        await self.round_trip(client)
        self.assertEqual(len(hub.all("join")), 1)

    async def test_an_answer_that_does_not_fit_is_an_error(self) -> None:
        hub, client, _, _ = await self.start()
        hub.rules["status"] = lambda asked: asked.answer({"hub": 7})
        with self.assertRaises(BellhopError) as caught:
            await client.status()
        self.assertEqual(caught.exception.reason, "protocol_mismatch")


class Memory(unittest.TestCase):
    def test_shown_ids_are_forgotten_in_the_end(self) -> None:
        inbox = Inbox()
        inbox.attach("e1", False, False)
        first = decode(Message, message(1))
        inbox.arrive(first)
        inbox.shown([first.id], "wait")
        self.assertNotIn(inbox.arrive(first), (True, False))
        inbox.shown([f"e1-{seq}" for seq in range(2, 5_000)], "wait")
        self.assertIs(inbox.arrive(first), True)


if __name__ == "__main__":
    unittest.main()
