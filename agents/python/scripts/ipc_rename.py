#!/usr/bin/env python3
"""Renames the agent of these scripts."""

import checkout  # noqa: F401  # Before the package.

import sys

from bellhop.script.run import add_name_option, make_parser, open_named_client, run_script
from bellhop.script.session import keep_name
from bellhop.script.wording import moment
from bellhop.settings import Settings

parser = make_parser(
    "Change your name. Mail stays yours, and the old name forwards for a while.",
    "python3 ipc_rename.py rose-debugging",
)
parser.add_argument("new_name", metavar="NEW_NAME", help='1 to 32 letters, digits, "-" or "_"')
add_name_option(parser)
arguments = parser.parse_args()


def rename(settings: Settings) -> None:
    with open_named_client(settings, arguments.name) as client:
        renamed = client.rename(arguments.new_name)
    keep_name(settings, renamed.name)
    print(
        f"Renamed {renamed.previous} to {renamed.name}. "
        f"{renamed.previous} forwards to it until {moment(renamed.forwards_until)}."
    )


sys.exit(run_script(rename))
