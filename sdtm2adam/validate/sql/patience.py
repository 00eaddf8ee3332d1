"""An end to questions that would take for ever: a join without a condition, of large datasets."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Patience:
    """Interrupts what takes longer than it may; one thread watches over all questions of its context.

    Args:
        seconds: how long one question may take.
        interrupt: ends the question.
    """

    def __init__(self, seconds: float, interrupt: Callable[[], None]) -> None:
        self.seconds, self._interrupt = seconds, interrupt
        self._since: float | None = None
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Patience:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    @contextmanager
    def question(self) -> Iterator[None]:
        """One question, which is interrupted where it takes too long."""
        self._since = time.monotonic()
        try:
            yield
        finally:
            self._since = None

    def _watch(self) -> None:
        while not self._done.wait(min(1.0, self.seconds / 2)):
            since = self._since
            if since is not None and time.monotonic() - since > self.seconds:
                self._interrupt()
