"""What the README says to paste, run as it is written."""

import os
import re
import subprocess
import sys
import unittest

from support import PACKAGE, ROOT, RealHub, read_source

from bellhop import AsyncClient, Client
from bellhop.failures import closed_by_owner, misunderstood, no_answer, not_genuine, not_sent, unconfirmed, unreachable

README = read_source("agents", "python", "README.md")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


class Readme(unittest.TestCase):
    def test_the_commands(self) -> None:
        hub = RealHub(self)
        programs = os.path.join(hub.home, "bin")
        os.mkdir(programs)
        os.symlink(sys.executable, os.path.join(programs, "python3"))
        found, scripts = blocks("sh"), 0
        for block in found:
            ended = subprocess.run(
                ["/bin/sh", "-eu", "-c", block],
                cwd=ROOT,
                env={**hub.env, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"},
                capture_output=True,
                encoding="utf-8",
                check=False,
            )
            self.assertEqual((ended.returncode, ended.stderr), (0, ""), block)
            scripts += len(re.findall(r"ipc_\w+\.py", block))
        self.assertEqual((len(found), scripts), (2, 5))

    def test_the_programs(self) -> None:
        hub = RealHub(self)
        with Client("claude", environment={"BELLHOP_HOME": hub.home}) as claude:
            found = blocks("python")
            self.assertEqual(len(found), 2)
            for program in found:
                claude.send("rose", "from claude")
                ended = subprocess.run(
                    [sys.executable, "-c", program],
                    env={**hub.env, "PYTHONPATH": PACKAGE},
                    capture_output=True,
                    encoding="utf-8",
                    check=False,
                )
                self.assertEqual((ended.returncode, ended.stderr), (0, ""))
                self.assertIn("from claude", ended.stdout)
            self.assertIn("no_answer", ended.stdout)

    def test_every_method_and_every_reason_of_this_side_is_named(self) -> None:
        methods = {name for name in vars(Client) if not name.startswith("_")}
        methods |= {name for name in vars(AsyncClient) if not name.startswith("_")}
        internal = {"start", "ready", "open", "on", "off", "state", "registration", "name", "request"}
        for method in methods - internal:
            self.assertRegex(README, rf"`{method}[`(]")
        errors = [closed_by_owner(), misunderstood(""), no_answer("", "", 1), not_genuine(""), not_sent("", "")]
        errors += [unconfirmed("", "", ""), unreachable(None, "")]
        for error in errors:
            self.assertIn(f"`{error.reason}`", README)


if __name__ == "__main__":
    unittest.main()
