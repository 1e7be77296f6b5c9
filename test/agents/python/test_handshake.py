"""The handshake, and what becomes of connections. [P-3] [P-6] [P-8]"""

import asyncio
import unittest

from fake_hub import FakeHubCase, attached
from support import PATIENCE_S, Recorder

from bellhop import BellhopError
from bellhop.backoff import LONGEST_WAIT_S, backoff
from bellhop.codec import Challenge
from bellhop.handshake import Hello, Refuse, answer_challenge
from bellhop.secret import prove
from bellhop.timing import Timing

QUICK = Timing(handshake=0.2, pong=0.1, steady=0.0, closing=0.2)


class AnswersToChallenges(unittest.TestCase):
    challenge = Challenge("bellhop.v1", "hub-nonce-of-24-letters_", "hmac-sha256")

    def test_both_sides_prove_the_secret_with_a_new_nonce_each_time(self) -> None:
        one, two = (answer_challenge(self.challenge, "test", "secret", True) for _ in range(2))
        assert isinstance(one, Hello) and isinstance(two, Hello)
        self.assertNotEqual(one.params["nonce"], two.params["nonce"])
        nonce = one.params["nonce"]
        self.assertEqual(one.params["proof"], prove("secret", "client", self.challenge.nonce, nonce))
        self.assertTrue(one.is_genuine(prove("secret", "hub", self.challenge.nonce, nonce)))
        for false in (None, "", "é", one.params["proof"], prove("other", "hub", self.challenge.nonce, nonce)):
            self.assertFalse(one.is_genuine(false))

    def test_an_open_hub_is_believed_on_this_machine_only(self) -> None:
        opened = Challenge("bellhop.v1", self.challenge.nonce, "open")
        near = answer_challenge(opened, "test", "secret", True)
        assert isinstance(near, Hello)
        self.assertNotIn("proof", near.params)
        far = answer_challenge(opened, "test", "secret", False)
        assert isinstance(far, Refuse)
        self.assertEqual(far.error.reason, "hub_not_genuine")

    def test_without_a_secret_the_error_says_where_it_is(self) -> None:
        refused = answer_challenge(self.challenge, "test", None, True)
        assert isinstance(refused, Refuse)
        self.assertEqual(refused.error.reason, "authentication_failed")
        self.assertIn("BELLHOP_SECRET", refused.error.next)


class Backoff(unittest.TestCase):
    def test_full_jitter_from_half_a_second_to_twenty(self) -> None:
        self.assertEqual([backoff(1, random) for random in (0.0, 0.5)], [0.0, 0.1])
        self.assertEqual([backoff(losses, 0.0) for losses in (2, 5, 1000)], [0.5] * 3)
        self.assertEqual([backoff(losses, 0.999) for losses in (9, 1000)], [LONGEST_WAIT_S] * 2)
        self.assertLess(backoff(2, 0.999), backoff(3, 0.999))


class Connections(FakeHubCase):
    async def failure(self, work):
        with self.assertRaises(BellhopError) as caught:
            await asyncio.wait_for(work, PATIENCE_S)
        return caught.exception

    async def test_a_hub_that_does_not_know_the_secret_gets_no_key_and_no_second_visit(self) -> None:
        hub = await self.start_hub(secret="the secret of somebody else")
        client = self.client_of(hub)
        client.start()
        error = await self.failure(client.register("rose"))
        self.assertEqual(error.reason, "hub_not_genuine")
        self.assertEqual(client.state.kind, "closed")
        self.assertEqual(hub.all("register"), [])
        self.assertEqual(len(hub.lines), 1)
        self.assertEqual((await self.failure(client.send("claude", "hello"))).reason, "hub_not_genuine")

    async def test_a_hub_that_leaves_its_proof_out_is_not_genuine_either(self) -> None:
        hub = await self.start_hub()
        rule = hub.rules["hello"]

        def without_proof(asked):
            asked.params["nonce"] = "another-nonce-of-the-hub"
            rule(asked)

        hub.rules["hello"] = without_proof
        self.assertEqual((await self.failure(self.client_of(hub, "rose").__aenter__())).reason, "hub_not_genuine")
        self.assertEqual(hub.all("register"), [])

    async def test_an_open_hub_on_this_machine_is_spoken_to_without_proofs(self) -> None:
        hub = await self.start_hub(auth="open")
        await self.registered(hub)
        self.assertNotIn("proof", hub.all("hello")[0])

    async def test_a_refused_hello_ends_the_client_with_the_hubs_own_words(self) -> None:
        hub = await self.start_hub()
        hub.rules["hello"] = lambda asked: asked.refuse("authentication_failed")
        client = self.client_of(hub)
        client.start()
        error = await self.failure(client.ready())
        self.assertEqual((error.reason, error.next), ("authentication_failed", "Do something else."))
        self.assertEqual(len(hub.lines), 1)

    async def test_close_codes_of_4500_and_more_end_the_client_and_lower_ones_do_not(self) -> None:
        for code, reason, ending in (
            (4500, "bad_frame", "protocol_mismatch"),
            (4503, "authentication_failed", "authentication_failed"),
            (4505, "taken_over", "taken_over"),
            (4506, "revoked", "revoked"),
            (4777, "of a later revision", "protocol_mismatch"),
        ):
            hub = await self.start_hub()
            client = await self.registered(hub)
            closed = asyncio.get_running_loop().create_future()
            client.on("state", lambda state, closed=closed: state.kind == "closed" and closed.set_result(state.cause))
            hub.line.close(code, reason)
            self.assertEqual((await asyncio.wait_for(closed, PATIENCE_S)).reason, ending)
            self.assertEqual(len(hub.lines), 1)
        for code, reason in ((4000, "going_away"), (4001, "slow"), (4499, "of a later revision"), (1001, ""), (1009, "")):
            hub = await self.start_hub()
            client = await self.registered(hub)
            hub.line.close(code, reason)
            await hub.next("resume")
            await self.round_trip(client)
            self.assertEqual(client.state.kind, "registered")

    async def test_after_taken_over_a_registration_starts_the_client_again(self) -> None:
        hub = await self.start_hub()
        client = await self.registered(hub)
        hub.line.close(4505, "taken_over")
        with self.assertRaises(BellhopError) as caught:
            await client.next_message(timeout=PATIENCE_S)
        self.assertEqual(caught.exception.reason, "taken_over")
        self.assertIsNone(client.name)
        await client.register("iris")
        self.assertEqual(client.name, "iris")

    async def test_the_hub_says_when_to_come_back(self) -> None:
        hub = await self.start_hub()
        client = await self.registered(hub)
        states = Recorder()
        client.on("state", states)
        hub.line.notify("closing", {"reason": "going_away", "reconnectAfterMs": 120})
        hub.line.close(4000, "going_away")
        await hub.next("resume")
        waiting = next(state for state in states.told if state.kind == "waiting")
        self.assertEqual((waiting.delay, waiting.cause.reason), (0.12, "hub_unreachable"))

    async def test_a_hub_that_never_answers_the_handshake_is_left(self) -> None:
        hub = await self.start_hub()
        del hub.rules["hello"]
        client = self.client_of(hub, timing=QUICK)
        states = Recorder()
        client.on("state", states)
        client.start()
        await hub.next("hello")
        await hub.next("hello")
        waiting = next(state for state in states.told if state.kind == "waiting")
        self.assertIn("took too long", waiting.cause.message)

    async def test_a_hub_that_falls_silent_is_left(self) -> None:
        hub = await self.start_hub(pingMs=50)
        await self.registered(hub, timing=QUICK)
        # A process that is stopped: the connection stands, and nothing is answered, pings included.
        hub.line.socket.transport.pause_reading()
        await hub.next("resume")

    async def test_a_hub_that_answers_pings_is_not_left(self) -> None:
        hub = await self.start_hub(pingMs=20)
        client = await self.registered(hub, timing=QUICK)
        pongs = 0
        while pongs < 3:
            # Each round lets several intervals of silence pass on the wire.
            await asyncio.wait_for(await hub.line.socket.ping(), PATIENCE_S)
            self.assertIsNone(await client.next_message(timeout=0.05))
            pongs += 1
        self.assertEqual(len(hub.lines), 1)

    async def test_where_no_hub_runs_the_error_says_how_to_start_one(self) -> None:
        hub = await self.start_hub()
        hub.address += ".nothing"
        error = await self.failure(self.client_of(hub, "rose", connect_timeout=0.05).__aenter__())
        self.assertEqual((error.reason, error.temporary), ("hub_unreachable", True))
        self.assertIn("bellhop up", error.next)

    async def test_a_redirect_is_not_followed(self) -> None:
        hub = await self.start_hub()
        visits = []

        async def redirect(reader, writer) -> None:
            try:
                request = await reader.readuntil(b"\r\n\r\n")
            except asyncio.IncompleteReadError:
                return writer.close()
            visits.append(request.split()[1].decode())
            port = server.sockets[0].getsockname()[1]
            answer = f"HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:{port}/elsewhere\r\nContent-Length: 0\r\n\r\n"
            writer.write(answer.encode())
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(redirect, "127.0.0.1", 0)
        self.addCleanup(server.close)
        hub.address = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/here"
        client = self.client_of(hub)
        waiting = asyncio.get_running_loop().create_future()
        client.on("state", lambda state: state.kind == "waiting" and not waiting.done() and waiting.set_result(state))
        client.start()
        await asyncio.wait_for(waiting, PATIENCE_S)
        await client.close()
        self.assertEqual(visits[0], "/here")
        self.assertNotIn("/elsewhere", visits)

    async def test_an_address_that_cannot_be_understood_is_no_reason_to_wait(self) -> None:
        hub = await self.start_hub()
        hub.address = "http://127.0.0.1"
        error = await self.failure(self.client_of(hub, "rose").__aenter__())
        self.assertIn("not the address of a hub", error.message)

    async def test_a_client_that_was_not_started_says_so(self) -> None:
        hub = await self.start_hub()
        self.assertIn("start()", (await self.failure(self.client_of(hub).list())).next)

    async def test_a_key_that_the_hub_refuses_for_good_is_not_kept(self) -> None:
        hub = await self.start_hub()
        hub.rules["register"] = lambda asked: asked.refuse("name_taken")
        client = self.client_of(hub)
        client.start()
        self.assertEqual((await self.failure(client.register("rose"))).reason, "name_taken")
        self.assertEqual((await self.failure(client.register("no name"))).reason, "name_invalid")
        hub.rules["register"] = lambda asked: asked.answer(attached())
        await client.register("rose")
        first, second = [params["key"] for params in hub.all("register")]
        self.assertNotEqual(first, second)


if __name__ == "__main__":
    unittest.main()
