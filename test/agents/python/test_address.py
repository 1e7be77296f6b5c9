"""Where the hub is, and which keys belong to it."""

import json
import os
import unittest

from support import temporary_home

from bellhop import BellhopError
from bellhop.address import TcpEndpoint, UnixEndpoint, describe, hub_folder, is_local, locate, parse_address
from bellhop.secret import read_secret
from bellhop.settings import Settings, read_settings


class Addresses(unittest.TestCase):
    def test_what_bellhop_url_may_say(self) -> None:
        self.assertEqual(parse_address("unix:/run/hub.sock"), UnixEndpoint("/run/hub.sock"))
        self.assertEqual(parse_address("unix:///run/hub.sock"), UnixEndpoint("/run/hub.sock"))
        for written, described in {
            "ws://LOCALHOST:9870/path": "ws://localhost:9870",
            "ws://127.1:9870": "ws://127.0.0.1:9870",
            "ws://[0:0::1]:9870": "ws://[::1]:9870",
            "wss://user:password@hub.example:443/x?y": "wss://hub.example",
            "ws://hub.example:80": "ws://hub.example",
        }.items():
            self.assertEqual(describe(parse_address(written)), described)

    def test_what_is_no_address_says_what_is(self) -> None:
        for written in ("http://127.0.0.1", "127.0.0.1:9870", "ws://", "ws://host:99999", "unix:relative", "", "ws://h#f"):
            with self.assertRaises(BellhopError) as caught:
                parse_address(written)
            self.assertEqual(caught.exception.reason, "hub_unreachable")
            self.assertIn("unix:/path", caught.exception.next)

    def test_local_is_what_cannot_leave_the_machine(self) -> None:
        for address in ("unix:/x", "ws://127.4.5.6:1", "ws://[::1]:1", "ws://localhost:1"):
            self.assertTrue(is_local(parse_address(address)), address)
        for address in ("ws://10.0.0.1:1", "ws://127.0.0.1.example:1", "wss://localhost.example"):
            self.assertFalse(is_local(parse_address(address)), address)

    def test_the_socket_in_the_home_then_what_the_running_hub_says(self) -> None:
        home = temporary_home(self)
        settings = Settings(None, home, 9870, None)
        socket = os.path.join(home, "hub.sock")
        self.assertEqual(locate(settings), UnixEndpoint(socket))
        with open(os.path.join(home, "hub.json"), "w", encoding="utf-8") as file:
            json.dump({"url": "ws://127.0.0.1:4711"}, file)
        found = locate(settings)
        assert isinstance(found, TcpEndpoint)
        self.assertEqual(found.port, 4711)
        with open(socket, "w", encoding="utf-8"):
            self.assertEqual(locate(settings), UnixEndpoint(socket))

    def test_a_home_too_deep_for_a_socket_is_reached_by_its_port(self) -> None:
        found = locate(Settings(None, os.path.join(temporary_home(self), "x" * 120), 9999, None))
        self.assertEqual(describe(found), "ws://127.0.0.1:9999")

    def test_keys_of_another_hub_have_a_folder_of_their_own(self) -> None:
        def folder(url):
            return hub_folder(Settings(url, "/home/rose/.bellhop", 9870, None))

        for default in (None, "unix:/home/rose/.bellhop/hub.sock", "ws://localhost:9870", "ws://127.0.0.1:9870/"):
            self.assertIsNone(folder(default))
        self.assertEqual(folder("wss://Hub.Example/x"), "wss%3A%2F%2Fhub.example")
        self.assertEqual(len(folder("unix:/" + "x" * 200)), 64)


class SettingsFromTheEnvironment(unittest.TestCase):
    def test_defaults_and_both_names_of_the_secret(self) -> None:
        self.assertEqual(read_settings({}), Settings(None, os.path.expanduser("~/.bellhop"), 9870, None))
        given = {"BELLHOP_URL": "", "BELLHOP_HOME": "/h", "BELLHOP_PORT": "0", "IPC_SHARED_SECRET": "older"}
        self.assertEqual(read_settings(given), Settings(None, "/h", 9870, "older"))
        self.assertEqual(read_settings({**given, "BELLHOP_SECRET": "newer", "BELLHOP_PORT": "77"}).secret, "newer")

    def test_the_secret_is_in_no_text_of_the_settings(self) -> None:
        self.assertNotIn("hush", repr(read_settings({"BELLHOP_SECRET": "hush"})))

    def test_the_file_wins_for_the_hub_of_the_home_and_the_environment_elsewhere(self) -> None:
        home = temporary_home(self)
        with open(os.path.join(home, "secret"), "w", encoding="utf-8") as file:
            file.write(" from the file \n")
        self.assertEqual(read_secret(Settings(None, home, 1, "from the environment")), "from the file")
        self.assertEqual(read_secret(Settings("ws://h", home, 1, "from the environment")), "from the environment")
        self.assertEqual(read_secret(Settings("ws://h", home, 1, None)), "from the file")
        self.assertIsNone(read_secret(Settings(None, temporary_home(self), 1, None)))


if __name__ == "__main__":
    unittest.main()
