"""Waiting for what another process or connection does."""

import time
from collections.abc import Callable


def wait_until(
    condition: Callable[[], bool], seconds: float = 60.0, what: str = "what was waited for"
) -> float:
    """Seconds it took. Fails with `what` did not come."""
    begin = time.monotonic()
    while not condition():
        assert time.monotonic() - begin < seconds, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.02)
    return time.monotonic() - begin
