"""Ctrl-C: that it was pressed is remembered, whatever a library makes of it."""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType, TracebackType
from typing import Self

STOPPED = 130
"""The exit code of a command that was stopped."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C; Python ends by the signal, whatever exit code is asked for, where its own one left an `exec`."""


class Interrupts:
    """While it is entered, `met` says whether the process was interrupted; a second Ctrl-C ends it at once.

    A query that is interrupted ends with an error of the database, which may be taken for one of a spec.
    """

    def __init__(self) -> None:
        self.met = False
        self._is_ours = False

    def __enter__(self) -> Self:
        in_main = threading.current_thread() is threading.main_thread()
        self._is_ours = in_main and signal.getsignal(signal.SIGINT) is signal.default_int_handler
        if self._is_ours:
            signal.signal(signal.SIGINT, self._interrupt)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - as signal calls it
        if self.met:
            os._exit(STOPPED)  # what is written is written beside and renamed, so nothing half remains under its name
        self.met = True
        raise Interrupted
