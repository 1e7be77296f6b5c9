"""The keys that own names: format, place, atomicity. [P-10]"""

import base64
import os
import stat
import subprocess
import sys
import unittest

from support import environment, temporary_home

from bellhop import BellhopError
from bellhop.keys import Keys

RACER = """
import sys
sys.path.insert(0, sys.argv[2])
from bellhop.keys import Keys
keys = Keys(sys.argv[1], lambda: None)
print("ready", flush=True)
sys.stdin.readline()
for number in range(200):
    print(keys.obtain(f"name-{number}").key)
"""


def open_keys(home, hub=None):
    return Keys(home, lambda: hub)


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


class KeyFiles(unittest.TestCase):
    def test_a_key_is_32_random_bytes_in_a_0600_file_of_a_0700_folder(self) -> None:
        home = os.path.join(temporary_home(self), "new", "home")
        key, made = open_keys(home).obtain("Rose")
        self.assertTrue(made)
        self.assertEqual(len(base64.urlsafe_b64decode(key + "=")), 32)
        self.assertEqual(mode(home), 0o700)
        self.assertEqual(mode(os.path.join(home, "keys")), 0o700)
        self.assertEqual(mode(os.path.join(home, "keys", "rose")), 0o600)
        self.assertEqual(os.listdir(os.path.join(home, "keys")), ["rose"])

    def test_one_key_for_each_name_whatever_its_case_and_for_each_hub(self) -> None:
        home = temporary_home(self)
        keys = open_keys(home)
        key = keys.obtain("rose").key
        self.assertEqual(keys.obtain("ROSE"), (key, False))
        self.assertNotEqual(keys.obtain("iris").key, key)
        self.assertNotEqual(open_keys(home, "ws%3A%2F%2Felsewhere").obtain("rose").key, key)

    def test_a_renamed_key_goes_with_its_owner_and_a_removed_one_is_gone(self) -> None:
        keys = open_keys(temporary_home(self))
        key = keys.obtain("rose").key
        keys.obtain("tulip")
        keys.move("rose", "tulip")
        self.assertEqual(keys.obtain("tulip"), (key, False))
        self.assertTrue(keys.obtain("rose").made)
        keys.move("tulip", "Tulip")
        self.assertEqual(keys.obtain("tulip").key, key)
        keys.remove("tulip")
        keys.remove("tulip")
        self.assertTrue(keys.obtain("tulip").made)

    def test_a_damaged_key_is_reported_and_never_replaced(self) -> None:
        home = temporary_home(self)
        open_keys(home).obtain("rose")
        file = os.path.join(home, "keys", "rose")
        with open(file, "w", encoding="utf-8") as output:
            output.write("half a k")
        with self.assertRaisesRegex(BellhopError, "damaged"):
            open_keys(home).obtain("rose")
        with open(file, encoding="utf-8") as left:
            self.assertEqual(left.read(), "half a k")

    def test_a_home_that_is_no_folder_is_an_error_with_a_next_step(self) -> None:
        home = os.path.join(temporary_home(self), "file")
        with open(home, "w", encoding="utf-8"):
            pass
        with self.assertRaisesRegex(BellhopError, "BELLHOP_HOME"):
            open_keys(home).obtain("rose")

    def test_processes_that_race_for_one_name_read_one_key(self) -> None:
        home = temporary_home(self)
        package = os.path.join(os.path.dirname(__file__), "..", "..", "..", "agents", "python")
        racers = [
            subprocess.Popen(
                [sys.executable, "-c", RACER, home, package],
                env=environment(home),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(4)
        ]
        for racer in racers:
            self.assertEqual(racer.stdout.readline(), "ready\n")
        for racer in racers:
            racer.stdin.write("go\n")
            racer.stdin.flush()
        first, *others = [racer.communicate()[0] for racer in racers]
        self.assertEqual(len(first.split()), 200)
        for other in others:
            self.assertEqual(other, first)
        self.assertEqual(len(os.listdir(os.path.join(home, "keys"))), 200)


if __name__ == "__main__":
    unittest.main()
