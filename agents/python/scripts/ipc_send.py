#!/usr/bin/env python3
"""Sends a message."""

import checkout  # noqa: F401  # Before the package.

import sys

from bellhop.script.run import add_name_option, make_parser, open_named_client, run_script
from bellhop.script.wording import outlook_text
from bellhop.settings import Settings

parser = make_parser(
    "Send a message to a name, which need not be registered yet, to a topic (#…) or to everyone (#all).",
    'python3 ipc_send.py claude "The build is green."',
)
parser.add_argument("to", metavar="TO", help="a name or a topic")
parser.add_argument("message", metavar="MESSAGE", nargs="+", help='the text; several words are joined; "-" reads standard input')
parser.add_argument("--reply-to", metavar="ID", help="the id of the message that this answers")
add_name_option(parser)
arguments = parser.parse_args()


def send(settings: Settings) -> None:
    text = sys.stdin.read() if arguments.message == ["-"] else " ".join(arguments.message)
    with open_named_client(settings, arguments.name) as client:
        sent = client.send(arguments.to, text, reply_to=arguments.reply_to)
    print(f"Sent to {sent.outlook.name} ({sent.id}). {outlook_text(sent.outlook)}")


sys.exit(run_script(send))
