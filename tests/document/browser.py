"""A headless Chromium spoken to over a pipe: pages opened, asked and printed, and what they complain of."""

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PROGRAM = next((found for found in map(shutil.which, _NAMES) if found), None)
_PATIENCE = 300.0
_OPTIONS = "--headless --no-sandbox --disable-gpu --disable-dev-shm-usage --remote-debugging-pipe --no-first-run"


class Browser:
    """One page at a time: `open` it, then `ask` and `printed`."""

    def __init__(self, commands: Any, answers: Any) -> None:
        self._commands, self._answers = commands, answers
        self._number, self._session = 0, ""
        self.complaints: list[str] = []
        target = self._send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._send(f"{domain}.enable")

    def open(self, path: Path) -> None:
        """Load a file and wait until it is there; what it complained of stands in `complaints`."""
        self.complaints = []
        self._send("Page.navigate", url=path.as_uri())
        self._until(lambda event: event.get("method") == "Page.loadEventFired")
        self.ask("document.title")

    def ask(self, script: str) -> Any:
        """The value of a script in the page."""
        answer = self._send("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def printed(self) -> bytes:
        """The page as PDF, on the paper it asks for."""
        pdf = self._send("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        return base64.b64decode(pdf["data"])

    def _send(self, method: str, **params: object) -> Any:
        self._number += 1
        message: dict[str, object] = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        self._commands.write(json.dumps(message).encode() + b"\0")
        self._commands.flush()
        number = self._number
        answer = self._until(lambda event: event.get("id") == number)
        assert "error" not in answer, answer
        return answer["result"]

    def _until(self, wanted: Any) -> Any:
        while True:
            raw = bytearray()
            while not raw.endswith(b"\0"):
                byte = self._answers.read(1)
                assert byte, "the browser is gone"
                raw += byte
            event = json.loads(raw[:-1])
            self._hear(event)
            if wanted(event):
                return event

    def _hear(self, event: dict[str, Any]) -> None:
        params = event.get("params", {})
        match event.get("method"):
            case "Runtime.exceptionThrown":
                self.complaints.append(params["exceptionDetails"]["text"])
            case "Log.entryAdded":
                self.complaints.append(params["entry"]["text"])
            case "Runtime.consoleAPICalled" if params["type"] in ("error", "warning"):
                self.complaints.append(str(params["args"]))
            case "Network.requestWillBeSent" if not params["request"]["url"].startswith(("file:", "data:")):
                self.complaints.append(f"asks for {params['request']['url']}")


@contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """A browser with a profile of its own in the folder, ended at the end."""
    commands_out, commands_in = os.pipe()
    answers_out, answers_in = os.pipe()
    line = f'exec "$0" {_OPTIONS} --user-data-dir="$1" 3<&{commands_out} 4>&{answers_in}'
    with subprocess.Popen(
        ["bash", "-c", line, str(PROGRAM), str(folder)],
        pass_fds=(commands_out, answers_in),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        os.close(commands_out)
        os.close(answers_in)
        watch = Timer(_PATIENCE, process.kill)  # a browser that hangs ends the tests with it
        watch.start()
        with os.fdopen(commands_in, "wb") as commands, os.fdopen(answers_out, "rb") as answers:
            try:
                yield Browser(commands, answers)
            finally:
                watch.cancel()
                process.terminate()
