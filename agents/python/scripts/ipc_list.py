#!/usr/bin/env python3
"""Lists who is registered."""

import checkout  # noqa: F401  # Before the package.

import sys

from bellhop.script.run import add_name_option, make_parser, open_named_client, run_script
from bellhop.script.wording import agent_text
from bellhop.settings import Settings

PAGE = 200

parser = make_parser("List who is registered, and who is online.", "python3 ipc_list.py")
add_name_option(parser)
arguments = parser.parse_args()


def show_agents(settings: Settings) -> None:
    with open_named_client(settings, arguments.name) as client:
        page = client.list(limit=PAGE)
        print(f"{page.total} registered, {page.online} online:")
        while True:
            for agent in page.agents:
                print(f"  {agent_text(agent)}{' (you)' if agent.name == client.name else ''}")
            if not page.more or not page.agents:
                return
            page = client.list(after=page.agents[-1].name, limit=PAGE)


sys.exit(run_script(show_agents))
