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

BLOCKS = re.findall(r"^```(sh|python)\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
"""Language and text, in the order of the page."""


class Readme(unittest.TestCase):
    def test_all_of_it_from_top_to_bottom_at_one_hub(self) -> None:
        hub = RealHub(self)
        programs = os.path.join(hub.home, "bin")
        os.mkdir(programs)
        os.symlink(sys.executable, os.path.join(programs, "python3"))
        path = f"{programs}{os.pathsep}{os.environ['PATH']}"
        ran, printed = [], ""
        with Client("claude", environment={"BELLHOP_HOME": hub.home}) as claude:
            for language, block in BLOCKS:
                if language == "python":
                    claude.send("iris", "from claude")
                interpreter = [sys.executable, "-c"] if language == "python" else ["/bin/sh", "-eu", "-c"]
                ended = subprocess.run(
                    [*interpreter, block],
                    cwd=ROOT,
                    env={**hub.env, "PATH": path, **({"PYTHONPATH": PACKAGE} if language == "python" else {})},
                    capture_output=True,
                    encoding="utf-8",
                    check=False,
                )
                self.assertEqual((ended.returncode, ended.stderr), (0, ""), block)
                if language == "python":
                    self.assertIn("from claude", ended.stdout)
                ran.append(language)
                printed = ended.stdout
        self.assertEqual(ran, ["sh", "sh", "python", "python"])
        self.assertIn("no_answer", printed)
        self.assertEqual(len(re.findall(r"ipc_\w+\.py", "".join(block for _, block in BLOCKS))), 5)

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
