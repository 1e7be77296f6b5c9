"""What this package says of itself, and the name of the protocol that it speaks."""

SOFTWARE_VERSION = "0.1.0"

PROTOCOL_NAME = "bellhop.v1"
"""The WebSocket subprotocol, and the label in every proof [P-3]."""
