"""A program on a pseudo-terminal, its screen kept by an emulator, for tests."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 90.0
"""How long a loaded machine may take; nothing is measured by it."""
SHOW_CURSOR, LEAVE_ALTERNATE = b"\x1b[?25h", b"\x1b[?1049l"
PASTE_BEGIN, PASTE_END = "\x1b[200~", "\x1b[201~"

FIXED_SIZE = ("COLUMNS", "LINES")
"""Say a size that a resize cannot change; workers of a parallel test run set them."""


class Terminal:
    """`python -m advisor ARGUMENTS` with a screen of the given size."""

    def __init__(
        self,
        folder: Path,
        *arguments: str,
        size: tuple[int, int] = (80, 24),
        settings: Mapping[str, str] | None = None,
        program: tuple[str, ...] = ("-m", "advisor"),
    ) -> None:
        self.screen = pyte.Screen(*size)
        self.output = b""
        self._stream = pyte.ByteStream(self.screen)
        self._end, inner = os.openpty()
        self._set_size(size)
        self._process = subprocess.Popen(
            [sys.executable, *program, *arguments],
            stdin=inner,
            stdout=inner,
            stderr=inner,
            cwd=folder,
            start_new_session=True,
            env={
                **{name: v for name, v in os.environ.items() if name not in FIXED_SIZE},
                "PYTHONPATH": str(ROOT),
                "TERM": "xterm-256color",
                "ADVISOR_SESSIONS": str(folder / "sessions"),
                "TEXTUAL_ANIMATIONS": "none",
                **(settings or {}),
            },
        )
        os.close(inner)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        os.close(self._end)

    def _set_size(self, size: tuple[int, int]) -> None:
        fcntl.ioctl(self._end, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

    @property
    def text(self) -> str:
        """Return what is on the screen."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def type(self, keys: str) -> None:
        """Send keys all at once."""
        os.write(self._end, keys.encode())

    def resize(self, size: tuple[int, int]) -> None:
        """Change the size, as a window manager does."""
        self.screen.resize(size[1], size[0])
        self._set_size(size)
        self._process.send_signal(signal.SIGWINCH)

    def wait_for(self, wanted: str) -> None:
        """Read until a text is on the screen; fails after PATIENCE_S with what is there."""
        until = time.monotonic() + PATIENCE_S
        while wanted not in " ".join(self.text.split()):
            gone = self._process.poll() is not None
            self._read()
            late = gone or time.monotonic() > until
            assert not late or wanted in " ".join(self.text.split()), f"no '{wanted}':\n{self.text}"

    def _read(self) -> None:
        if not select.select([self._end], [], [], 0.2)[0]:
            return
        try:
            found = os.read(self._end, 65536)
        except OSError:  # the program is gone
            time.sleep(0.05)
            return
        self.output += found
        self._stream.feed(found)

    def send(self, number: signal.Signals) -> None:
        """Send a signal."""
        self._process.send_signal(number)

    def ended(self) -> int:
        """Read until the program ends; return its exit code."""
        until = time.monotonic() + PATIENCE_S
        while self._process.poll() is None:
            assert time.monotonic() < until, f"still running:\n{self.text}"
            self._read()
        while select.select([self._end], [], [], 0)[0]:
            before = len(self.output)
            self._read()
            if len(self.output) == before:
                break
        return self._process.returncode
