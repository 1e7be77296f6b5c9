"""What the scripts print, for people and assistants."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Optional

from ..answers import Agent, Outlook
from ..message import Message
from .sanitise import on_one_line, sanitise


def message_text(message: Message, path: Optional[str]) -> str:
    """Every line of what the peer wrote is indented, so that none of them passes for one of ours."""
    if message.kind == "notice":
        origin = f"Notice from Bellhop itself to {message.to}"
    else:
        origin = f"Message from {message.sender} to {message.to}"
    head = [f"{origin}, sent {moment(message.sent_at)}, id {message.id}"]
    if message.priority != "normal":
        head.append(f"priority {message.priority}")
    if message.reply_to is not None:
        head.append(f"reply to {message.reply_to}")
    if message.thread is not None:
        head.append(f"thread {json.dumps(on_one_line(message.thread), ensure_ascii=False)}")
    if message.blob is not None:
        what = "a summary of the whole" if message.is_summary else "a file"
        head.append(f"{what}, {message.blob.size} bytes, is in {path}" if path else what)
    lines = sanitise(message.content).rstrip("\n").split("\n")
    if message.data is not None:
        lines.append(f"data: {on_one_line(json.dumps(message.data, ensure_ascii=False))}")
    return "\n".join([", ".join(head) + ":", *(f"    {line}" for line in lines)])


def outlook_text(outlook: Outlook) -> str:
    """How and when the recipient will see a message."""
    forwarded = f"{outlook.forwarded_from} is now called {outlook.name}: use that name. " if outlook.forwarded_from else ""
    if outlook.kind == "online":
        return f"{forwarded}{outlook.name} is online (sees mail by: {', '.join(outlook.routes or []) or 'looking'})."
    if outlook.kind == "away":
        return (
            f"{forwarded}{outlook.name} is away since {_moment(outlook.since)}; "
            f"the message waits until {_moment(outlook.waits_until)}."
        )
    if outlook.kind == "unregistered":
        others = " or ".join(outlook.did_you_mean or [])
        question = f" Did you mean {others}?" if others else ""
        return (
            f"Nobody has registered {outlook.name} so far; the message waits for whoever takes that name "
            f"until {_moment(outlook.waits_until)}.{question}"
        )
    full = f" It bounced for {outlook.bounced} whose mailbox is full." if outlook.bounced else ""
    return f"It goes to {outlook.recipients} of {outlook.name}, {outlook.online} of them online.{full}"


def agent_text(agent: Agent) -> str:
    if agent.online:
        return f"{agent.name}: online (sees mail by: {', '.join(agent.routes) or 'looking'})"
    return f"{agent.name}: away, last seen {moment(agent.last_seen_at)}"


def moment(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S} UTC"


def _moment(time: Optional[datetime]) -> str:
    return "an unknown time" if time is None else moment(time)
