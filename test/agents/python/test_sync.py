"""The client for programs without asyncio."""

import inspect
import threading
import unittest

from support import PATIENCE_S, RealHub

from bellhop import AsyncClient, BellhopError, Client


class Synchronous(unittest.TestCase):
    def setUp(self) -> None:
        self.hub = RealHub(self)

    def client(self, name=None, **options) -> Client:
        return Client(name, environment={"BELLHOP_HOME": self.hub.home}, **options)

    def test_a_conversation(self) -> None:
        with self.client("rose") as rose, self.client("claude") as claude:
            sent = claude.send("rose", "hello " * 5_000)
            self.assertEqual(sent.outlook.kind, "online")
            seen = []
            for message in rose.messages(timeout=PATIENCE_S):
                seen.append(rose.read_body(message))
                self.assertTrue(rose.ack(message))
                rose.reply(message, "hello yourself")
                break
            self.assertEqual(seen, ["hello " * 5_000])
            answer = claude.next_message(timeout=PATIENCE_S)
            assert answer is not None
            self.assertEqual((answer.content, answer.reply_to), ("hello yourself", sent.id))
            self.assertEqual(list(claude.messages(timeout=0)), [])
            self.assertEqual([one.name for one in rose.list().agents], ["claude", "rose"])
            self.assertEqual(rose.rename("rosy").name, "rosy")
            self.assertEqual((rose.name, rose.state.kind), ("rosy", "registered"))

    def test_listeners_run_in_the_clients_thread_and_other_threads_may_call(self) -> None:
        heard = threading.Event()
        with self.client("rose") as rose, self.client("claude") as claude:
            threads = []
            rose.on("message", lambda message: (threads.append(threading.current_thread().name), heard.set()))
            sender = threading.Thread(target=claude.send, args=("rose", "from a thread"))
            sender.start()
            sender.join()
            self.assertTrue(heard.wait(PATIENCE_S))
            self.assertEqual(threads, ["bellhop"])

    def test_ask_from_one_thread_and_answer_from_another(self) -> None:
        with self.client("rose") as rose, self.client("claude") as claude:

            def answer() -> None:
                question = claude.next_message(timeout=PATIENCE_S)
                assert question is not None
                claude.reply(question, f"{question.content} yes")

            answering = threading.Thread(target=answer)
            answering.start()
            self.assertEqual(rose.ask("claude", "green?", timeout=PATIENCE_S).content, "green? yes")
            answering.join()

    def test_what_fails_raises_here_and_a_closed_client_says_so(self) -> None:
        with self.client("rose") as rose:
            with self.assertRaises(BellhopError) as caught:
                rose.send("two words", "x")
            self.assertEqual(caught.exception.reason, "name_invalid")
        with self.assertRaises(BellhopError) as caught:
            rose.list()
        self.assertEqual(caught.exception.reason, "closed")
        rose.close()
        before = threading.active_count()
        with self.assertRaises(BellhopError) as caught:
            with self.client("hub"):
                pass
        self.assertEqual(caught.exception.reason, "name_reserved")
        self.assertEqual(threading.active_count(), before)

    def test_it_has_every_method_of_the_asynchronous_client_with_the_same_parameters(self) -> None:
        for name, method in inspect.getmembers(AsyncClient, inspect.isfunction):
            if name.startswith("_") or name in ("start", "ready"):
                continue
            self.assertEqual(
                list(inspect.signature(getattr(Client, name)).parameters),
                list(inspect.signature(method).parameters),
                name,
            )


if __name__ == "__main__":
    unittest.main()
