#!/usr/bin/env python3
"""Takes a name for the scripts of this user."""

import checkout  # noqa: F401  # Before the package.

import sys

from bellhop.script.run import make_parser, open_client, run_script
from bellhop.script.session import keep_name
from bellhop.settings import Settings

parser = make_parser("Take a name, and keep it for the other scripts.", "python3 ipc_register.py rose")
parser.add_argument("name", metavar="NAME", help='1 to 32 letters, digits, "-" or "_"')
arguments = parser.parse_args()


def register(settings: Settings) -> None:
    with open_client(arguments.name) as client:
        status = client.status()
        name = client.name or arguments.name
    keep_name(settings, name)
    waiting = status.agent.waiting if status.agent else 0
    print(f"Registered {name}.")
    if waiting:
        print(f"{waiting} {'message is' if waiting == 1 else 'messages are'} waiting: ipc_check.py shows them.")


sys.exit(run_script(register))
