"""How every script runs: arguments, the name, the client, the exit code."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any, Callable, Optional

from ..client import Client
from ..errors import BellhopError
from ..settings import Settings, read_settings
from .session import name_to_use

EXIT_CODES = """exit codes:
  0  done
  1  it failed or was refused; the message says what to do
  2  wrong use: see --help"""

_NO_MAIL = 0
"""The scripts look at mail with `fetch`, so nothing is to be pushed to them."""
_CONNECT_S = 3.0
"""Seconds for a hub that is just starting; one that is not there at all will not come by waiting."""


def make_parser(description: str, example: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        description=description,
        epilog=f"example:\n  {example}\n\n{EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def add_name_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as",
        dest="name",
        metavar="NAME",
        help="the name to act under; default: BELLHOP_NAME, or what ipc_register.py registered last",
    )


def run_script(work: Callable[[Settings], None]) -> int:
    """Runs it, says on standard error what failed, and gives the exit code."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Optional[Callable[..., Any]] = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    try:
        work(read_settings())
        sys.stdout.flush()
        return 0
    except BellhopError as error:
        print(f"{error.message}\n{error.next}", file=sys.stderr)
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
    except BrokenPipeError:
        # Whoever read the output is gone. What they did not see stays unread.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1


def open_client(name: str) -> Client:
    """A client for one errand, not connected yet."""
    return Client(name, window=_NO_MAIL, connect_timeout=_CONNECT_S, program="bellhop-python-script")


def open_named_client(settings: Settings, wanted: Optional[str]) -> Client:
    return open_client(name_to_use(settings, wanted, os.environ))
