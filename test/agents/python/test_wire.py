"""Frames and the tables that must say what the specification says. [P-4] [P-5] [P-6] [P-7]"""

import json
import re
import unittest

from support import read_source

from bellhop import BellhopError, limits
from bellhop.answers import Sent, Status
from bellhop.calls import METHODS
from bellhop.close_codes import CLOSE_CODES, may_reconnect
from bellhop.codec import Challenge, ErrorFrame, ResultFrame, decode_incoming, encode_request
from bellhop.errors import REASONS
from bellhop.message import Message
from bellhop.names import is_valid_name
from bellhop.secret import prove
from bellhop.shapes import Misfit, decode, encode

SPECIFICATION = read_source("protocol", "PROTOCOL.md")


def table(name):
    _, text = re.findall(rf"<!-- {name}:(begin) -->(.*?)<!-- {name}:end -->", SPECIFICATION, re.DOTALL)[0]
    rows = [line.strip().strip("|").split("|") for line in text.strip().splitlines()[2:]]
    return [[cell.strip().strip("`") for cell in row] for row in rows]


def examples():
    return re.findall(r"^ *```json (\S+)\n(.*?)^ *```$", SPECIFICATION, re.DOTALL | re.MULTILINE)


class Tables(unittest.TestCase):
    def test_errors_are_those_of_the_specification(self) -> None:
        self.assertEqual(
            [[reason, "yes" if row.temporary else "no", row.message, row.next] for reason, row in REASONS.items()],
            [[reason, temporary, meaning, following] for reason, _, temporary, meaning, following in table("errors")],
        )

    def test_close_codes_are_those_of_the_specification(self) -> None:
        self.assertEqual(
            [[str(code), row.reason, row.meaning] for code, row in CLOSE_CODES.items()], table("close-codes")
        )
        self.assertEqual([may_reconnect(code) for code in (1006, 4000, 4499, 4500, 4999)], [True] * 3 + [False] * 2)

    def test_limits_are_those_of_the_specification(self) -> None:
        known = {re.sub(r"([A-Z])", r"_\1", name).upper(): int(value) for name, value in table("limits")}
        ours = {name: value for name, value in vars(limits).items() if name.isupper()}
        self.assertEqual(ours, {name: known[name] for name in ours})

    def test_every_method_of_the_specification_has_a_result_here(self) -> None:
        self.assertEqual({row[0] for row in table("parameters")} | {"release", "status"}, set(METHODS))


class Frames(unittest.TestCase):
    def test_every_example_of_the_specification_is_read(self) -> None:
        seen = set()
        for kind, text in examples():
            frame = decode_incoming(text)
            if kind.endswith(".result"):
                assert isinstance(frame, ResultFrame), kind
                result = decode(METHODS[kind[: -len(".result")]], frame.result)
                self.assertEqual(encode(result), frame.result)
            elif kind == "error":
                assert isinstance(frame, ErrorFrame)
            elif kind in ("message", "receipt", "presence", "renamed", "closing", "challenge"):
                self.assertEqual(encode(frame), json.loads(text)["params"])
            seen.add(kind)
        self.assertLessEqual({"challenge", "hello.result", "send.result", "message", "status.result", "error"}, seen)

    def test_the_proofs_of_the_specification(self) -> None:
        frames = dict(examples())
        hub_nonce = json.loads(frames["challenge"])["params"]["nonce"]
        hello = json.loads(frames["hello"])["params"]
        secret = "a secret of the two, made up for this page"
        self.assertEqual(prove(secret, "client", hub_nonce, hello["nonce"]), hello["proof"])
        self.assertEqual(
            prove(secret, "hub", hub_nonce, hello["nonce"]), json.loads(frames["hello.result"])["result"]["proof"]
        )

    def test_nonsense_is_ignored_and_never_raises(self) -> None:
        deep = "[" * 100_000
        nonsense = ["", "null", "[]", "7", "{", deep, '{"jsonrpc":"2.0"}', '{"jsonrpc":"2.0","id":NaN,"result":1}']
        nonsense += ['{"jsonrpc":"2.0","id":true,"result":1}', '{"jsonrpc":"2.0","id":1e999,"result":{}}']
        nonsense += ['{"jsonrpc":"2.0","method":["message"]}', '{"jsonrpc":"2.0","method":"of a later revision"}']
        nonsense += ['{"jsonrpc":"2.0","id":1,"error":"no"}', '{"jsonrpc":"1.0","id":1,"result":{}}']
        nonsense += [f'{{"jsonrpc":"2.0","id":{"9" * 5000},"result":{{}}}}']
        for text in nonsense:
            frame = decode_incoming(text)
            self.assertTrue(frame is None or isinstance(frame, ResultFrame), text[:60])

    def test_a_message_that_does_not_fit_is_no_message(self) -> None:
        good = json.loads(dict(examples())["message"])["params"]
        self.assertEqual(decode(Message, {**good, "later": "field"}).sender, "claude")
        deep: dict = {}
        for _ in range(40):
            deep = {"deeper": deep}
        for bad in (
            {"id": "../../etc"},
            {"id": 7},
            {"seq": -1},
            {"seq": True},
            {"seq": 1.5},
            {"from": "two words"},
            {"from": "claude\n"},
            {"kind": "other"},
            {"sentAt": "yesterday"},
            {"sentAt": "2026-13-22T09:30:02.000Z"},
            {"content": None},
            {"data": []},
            {"data": deep},
            {"replyTo": None},
            {"thread": "x" * 65},
            {"blob": {"handle": "h"}},
            {"offered": {"route": "pigeon", "at": good["sentAt"]}},
        ):
            with self.assertRaises(Misfit, msg=str(bad)):
                decode(Message, {**good, **bad})

    def test_whole_numbers_may_come_as_floats(self) -> None:
        good = json.loads(dict(examples())["message"])["params"]
        self.assertEqual(decode(Message, {**good, "seq": 44.0}).seq, 44)

    def test_what_is_no_json_is_refused_before_it_is_sent(self) -> None:
        for params in ({"data": float("nan")}, {"data": object()}, {"content": "\ud800"}):
            with self.assertRaises(BellhopError) as caught:
                encode_request(1, "send", params)
            self.assertEqual(caught.exception.reason, "invalid_params")

    def test_results_without_secrets_in_their_texts(self) -> None:
        attached = json.loads(dict(examples())["register.result"])["result"]
        self.assertNotIn(attached["session"]["token"], repr(decode(METHODS["register"], attached)))

    def test_shapes_name_what_is_missing(self) -> None:
        with self.assertRaisesRegex(Misfit, "outlook is missing"):
            decode(Sent, {"id": "e-1", "seq": 1, "sentAt": "2026-11-22T09:30:02.000Z", "duplicate": False})
        with self.assertRaisesRegex(Misfit, "hub is not an object"):
            decode(Status, {"hub": []})
        self.assertIsInstance(decode_incoming(dict(examples())["challenge"]), Challenge)

    def test_names(self) -> None:
        for name in ("rose", "Rose-2", "_", "x" * 32):
            self.assertTrue(is_valid_name(name))
        for name in ("", "x" * 33, "two words", "rose\n", "#all", "röse", "../x"):
            self.assertFalse(is_valid_name(name))


if __name__ == "__main__":
    unittest.main()
