"""A visitor of a page: looks, clicks with a mouse at what is seen, presses keys."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from browser import Browser, browser

_KEYS = {
    "Tab": ("Tab", 9, ""),
    "Enter": ("Enter", 13, "\r"),
    "Escape": ("Escape", 27, ""),
    "ArrowDown": ("ArrowDown", 40, ""),
    "ArrowUp": ("ArrowUp", 38, ""),
    "ArrowLeft": ("ArrowLeft", 37, ""),
    "ArrowRight": ("ArrowRight", 39, ""),
    "End": ("End", 35, ""),
    "Home": ("Home", 36, ""),
}
_PATIENCE = 10.0


class Visitor:
    """Uses a page as a person does; nothing is done to it but by mouse and keys."""

    def __init__(self, window: Browser) -> None:
        self.window = window

    def open(self, path: Path, fragment: str = "", width: int = 1280, height: int = 900) -> None:
        """Opens the page in a window of this size."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.window._send("Emulation.setDeviceMetricsOverride", **size)
        self.window.complaints = []
        self.window._send("Page.navigate", url="about:blank")
        self.window._send("Page.navigate", url=path.as_uri() + fragment)
        self.until(
            "document.readyState === 'complete' && location.protocol === 'file:' && !!document.querySelector('h1')"
        )

    def ask(self, script: str) -> Any:
        return self.window.ask(script)

    def until(self, script: str) -> None:
        """Waits until a script of the page says yes."""
        end = time.monotonic() + _PATIENCE
        while not self.ask(script):
            assert time.monotonic() < end, f"never true: {script}"
            time.sleep(0.02)

    def arrive(self, heading: str) -> None:
        """Waits until the view with this heading is drawn."""
        self.until(f"document.querySelector('h1')?.textContent === {json.dumps(heading)}")

    def click(self, selector: str, text: str = "") -> None:
        """Clicks in the middle of the first element with this selector and text, which must be there to be seen."""
        found = (
            f"[...document.querySelectorAll({json.dumps(selector)})].find((one) =>"
            f" one.checkVisibility() && one.textContent.includes({json.dumps(text)}))"
        )
        box = self.ask(
            f"(() => {{ const one = {found}; if (!one) return null; one.scrollIntoView({{block: 'center'}});"
            " const box = one.getClientRects()[0]; return [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        assert box, f"nothing to click: {selector} {text}"
        for kind in ("mousePressed", "mouseReleased"):
            self.window._send(
                "Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1, buttons=1
            )

    def press(self, key: str, times: int = 1, shift: bool = False) -> None:
        """Presses a key."""
        name, code, text = _KEYS[key]
        for _ in range(times):
            for kind in ("keyDown", "keyUp"):
                sent = {"text": text} if text and kind == "keyDown" else {}
                self.window._send(
                    "Input.dispatchKeyEvent", type=kind, key=name, code=name, windowsVirtualKeyCode=code,
                    modifiers=8 if shift else 0, **sent,
                )  # fmt: skip

    def type(self, text: str) -> None:
        """Types a text where the focus is."""
        self.window._send("Input.insertText", text=text)

    def focused(self) -> str:
        """What has the focus: its text, or its label."""
        return str(
            self.ask(
                "(() => { const one = document.activeElement; const label = one.labels?.[0]?.textContent;"
                " return label ?? one.getAttribute('aria-label') ?? one.textContent; })()"
            )
        ).strip()

    def tab_to(self, text: str, most: int = 200) -> int:
        """Presses Tab until what has the focus says this; how often it was pressed."""
        for pressed in range(1, most + 1):
            self.press("Tab")
            if self.focused() == text:
                return pressed
        raise AssertionError(f"Tab never comes to {text!r}; now at {self.focused()!r}")

    def picture(self, path: Path, whole: bool = True) -> None:
        """The page as PNG."""
        shot = self.window._send("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(shot["data"]))


@contextmanager
def visitor(folder: Path) -> Iterator[Visitor]:
    """A visitor with a browser of its own."""
    with browser(folder) as window:
        yield Visitor(window)
