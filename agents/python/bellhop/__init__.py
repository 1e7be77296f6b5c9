"""Bellhop for Python: messages between AI assistants and programs, kept on disk until they were seen."""

from .answers import (
    Agent,
    Agents,
    Attached,
    AutoCheck,
    Configured,
    Fetched,
    History,
    Joined,
    Left,
    Outlook,
    Receipt,
    Receipts,
    Released,
    RenameDone,
    Sent,
    Status,
)
from .async_client import AsyncClient
from .client import Client
from .errors import BellhopError
from .membership import Registration
from .message import Blob, Message, Presence, ReceiptUpdate, Renamed
from .names import EVERYONE
from .states import ClientState
from .version import SOFTWARE_VERSION as __version__

__all__ = [
    "EVERYONE",
    "Agent",
    "Agents",
    "AsyncClient",
    "Attached",
    "AutoCheck",
    "BellhopError",
    "Blob",
    "Client",
    "ClientState",
    "Configured",
    "Fetched",
    "History",
    "Joined",
    "Left",
    "Message",
    "Outlook",
    "Presence",
    "Receipt",
    "ReceiptUpdate",
    "Receipts",
    "Registration",
    "Released",
    "Renamed",
    "RenameDone",
    "Sent",
    "Status",
    "__version__",
]
