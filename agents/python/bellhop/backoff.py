"""How long to wait before the next attempt to connect [P-8]."""

from __future__ import annotations

QUICK_RETRY_S = 0.2
"""Seconds before the first retry, at most: most breaks are a hub that restarts."""
SHORTEST_WAIT_S = 0.5
LONGEST_WAIT_S = 20.0


def backoff(losses: int, random: float) -> float:
    """
    Seconds to wait after so many losses in a row (1: the first). Full jitter, so that a thousand clients
    of one hub do not come back in one instant. `random` is in [0, 1).
    """
    if losses <= 1:
        return random * QUICK_RETRY_S
    spread = min(LONGEST_WAIT_S, SHORTEST_WAIT_S * 2.0 ** min(losses - 2, 16))
    return min(LONGEST_WAIT_S, SHORTEST_WAIT_S + random * spread)
