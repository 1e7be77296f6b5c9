"""Limits of the protocol that a client must know before the hub says them. Source: protocol/limits.ts."""

NAME_LENGTH = 32
DATA_DEPTH = 32
BLOB_BYTES = 16 * 1024 * 1024
WINDOW_MAX = 1024
WINDOW_DEFAULT = 64
ACK_IDS = 1024
THREAD_LENGTH = 64
FILE_NAME_LENGTH = 255
AUTO_CHECK_MINUTES_MAX = 60
