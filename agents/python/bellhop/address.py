"""Where the hub is."""

from __future__ import annotations

import hashlib
import ipaddress
import json
import os
import re
import socket
import sys
from dataclasses import dataclass
from typing import Optional, Union
from urllib.parse import quote, urlsplit

from .errors import BellhopError
from .settings import Settings

SOCKET_PATH_MAX = 103
"""The longest path that a Unix-domain socket may have on every system, in bytes."""
_HUB_FILE_BYTES = 64 * 1024
_DEFAULT_PORTS = {"ws": 80, "wss": 443}


@dataclass(frozen=True)
class UnixEndpoint:
    path: str


@dataclass(frozen=True)
class TcpEndpoint:
    """`host` is in lower case, an IPv6 address without its brackets."""

    url: str
    scheme: str
    host: str
    port: int
    path: str


Endpoint = Union[UnixEndpoint, TcpEndpoint]


def locate(settings: Settings) -> Endpoint:
    """
    Where to connect now. Asked at each attempt: the local hub's socket appears when the hub starts.
    Raises `BellhopError` for an address that cannot be understood.
    """
    if settings.url is not None:
        return parse_address(settings.url)
    path = _local_socket(settings.home)
    if os.path.exists(path):
        return UnixEndpoint(path)
    # A hub without a socket says in its home where it is. Without that, no hub of this home is running,
    # and whatever has the port is another's.
    running = _running_hub(settings.home)
    if running is not None:
        return running
    return UnixEndpoint(path) if _can_have_socket(path) else parse_address(f"ws://127.0.0.1:{settings.port}")


def parse_address(address: str) -> Endpoint:
    """ws://…, wss://… or unix:/path. Raises `BellhopError`."""
    unix = re.fullmatch(r"unix:(?://)?(/.*)", address, re.DOTALL)
    if unix:
        return UnixEndpoint(unix.group(1))
    try:
        url = urlsplit(address.strip())
        port = url.port or _DEFAULT_PORTS[url.scheme]
        host = _canonical_host(url.hostname or "")
    except (ValueError, KeyError):
        host = ""
    if not host or url.fragment:
        raise BellhopError(
            "hub_unreachable",
            f'"{address}" is not the address of a hub.',
            "Set BELLHOP_URL to ws://host:port, wss://host or unix:/path, or unset it to use the hub of this machine.",
        )
    return TcpEndpoint(address.strip(), url.scheme, host, port, url.path)


def describe(endpoint: Endpoint) -> str:
    """For people and messages; without what a URL may carry besides the place."""
    if isinstance(endpoint, UnixEndpoint):
        return f"unix:{endpoint.path}"
    port = "" if endpoint.port == _DEFAULT_PORTS[endpoint.scheme] else f":{endpoint.port}"
    host = f"[{endpoint.host}]" if ":" in endpoint.host else endpoint.host
    return f"{endpoint.scheme}://{host}{port}"


def is_local(endpoint: Endpoint) -> bool:
    """True where what is sent cannot leave this machine."""
    if isinstance(endpoint, UnixEndpoint) or endpoint.host in ("localhost", "::1"):
        return True
    return re.fullmatch(r"127(\.[0-9]{1,3}){3}", endpoint.host) is not None


def hub_folder(settings: Settings) -> Optional[str]:
    """
    A folder name for what belongs to one hub; None for the local default, however it is written. The
    same as the TypeScript client's, so that both find the same keys. It holds a `%` or is longer than
    any agent's name, so it never meets the file of a key.
    """
    if settings.url is None:
        return None
    endpoint = parse_address(settings.url)
    if isinstance(endpoint, UnixEndpoint):
        default = endpoint.path == _local_socket(settings.home)
    else:
        default = is_local(endpoint) and endpoint.port == settings.port
    if default:
        return None
    folder = quote(describe(endpoint), safe="!*'()")
    return folder if len(folder) <= 128 else hashlib.sha256(folder.encode()).hexdigest()


def _canonical_host(host: str) -> str:
    """As URLs are written everywhere: 127.1 is 127.0.0.1, and an IPv6 address is in its shortest form."""
    if ":" in host:
        return str(ipaddress.IPv6Address(host))
    if re.fullmatch(r"(.*\.)?(0x[0-9a-f]*|[0-9]+)", host):
        try:
            return socket.inet_ntoa(socket.inet_aton(host))
        except OSError as error:
            raise ValueError(host) from error
    return host.encode("idna").decode()


def _running_hub(home: str) -> Optional[Endpoint]:
    try:
        with open(os.path.join(home, "hub.json"), encoding="utf-8") as file:
            return parse_address(json.loads(file.read(_HUB_FILE_BYTES))["url"])
    except (OSError, ValueError, KeyError, TypeError, BellhopError):
        return None


def _can_have_socket(path: str) -> bool:
    return sys.platform != "win32" and len(os.fsencode(path)) <= SOCKET_PATH_MAX


def _local_socket(home: str) -> str:
    return os.path.join(home, "hub.sock")
