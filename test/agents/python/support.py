"""What the suites share: where things are, hubs that are processes, temporary homes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from typing import Any, Dict, List, Optional

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
PACKAGE = os.path.join(ROOT, "agents", "python")
sys.path.insert(0, PACKAGE)

PATIENCE_S = 20.0
"""For what must happen; nothing waits so long where all is well."""


def read_source(*path: str) -> str:
    with open(os.path.join(ROOT, *path), encoding="utf-8") as file:
        return file.read()


def temporary_home(case: unittest.TestCase) -> str:
    home = tempfile.mkdtemp(prefix="bellhop-")
    case.addCleanup(shutil.rmtree, home, ignore_errors=True)
    return home


def environment(home: str, **more: str) -> Dict[str, str]:
    """That of a program of this user: nothing of the developer's own Bellhop."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BELLHOP_", "IPC_"))}
    return {**kept, "BELLHOP_HOME": home, "PYTHONDONTWRITEBYTECODE": "1", **more}


class RealHub:
    """A hub as a process; killed when the test ends."""

    def __init__(self, case: unittest.TestCase, home: Optional[str] = None) -> None:
        self.home = home or temporary_home(case)
        self.env = environment(self.home)
        self.url = ""
        self._process: Optional["subprocess.Popen[str]"] = None
        case.addCleanup(self.kill)
        self.start()

    def start(self) -> None:
        command: List[str] = json.loads(os.environ["HUB_COMMAND"])
        settings = {
            "BELLHOP_PORT": "0",
            "BELLHOP_LOG": "silent",
            "BELLHOP_SENDS_PER_MINUTE": "1000000",
            "BELLHOP_REGISTRATIONS_PER_MINUTE": "1000",
        }
        self._process = subprocess.Popen(
            command, env={**self.env, **settings}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        said = ""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said += line
            listening = re.search(r"listening\s+(ws:\S+)", line)
            if listening:
                self.url = listening.group(1)
                return
        raise AssertionError(f"the hub did not start: {said}")

    def kill(self) -> None:
        """As a crash or the power does it: nothing is said to anybody."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._process = None


class Recorder:
    """A listener that remembers what it was told."""

    def __init__(self) -> None:
        self.told: List[Any] = []

    def __call__(self, *arguments: Any) -> None:
        self.told.append(arguments[0] if arguments else None)
