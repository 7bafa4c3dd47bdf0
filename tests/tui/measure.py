"""What the interview takes: `python -m tests.tui.measure [ACTIONS]` prints start, memory and rest.

Times are CPU times of the program, all threads; on a machine that does other work compare ratios.
Linux alone tells the CPU time and the memory of another program.
"""

from __future__ import annotations

import itertools
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.tui.terminal import ROOT, Terminal

ROUNDS = 8
REST_S = 5.0
QUIET_S, WORKING_S = 0.25, 0.002
"""It rests once it took no more than this for a while."""
LONGEST_S = 60.0
MIB = 1024.0
SIZE = (100, 30)
INSTALLED = {"PYTHONDONTWRITEBYTECODE": ""}
"""Modules are compiled once, as an installer does; a test run may forbid it."""
ANSWERS = ("1", "u", "2", "d", "u", "s", "[", "]", "u", "U")
EVERYTHING = (*ANSWERS, "w", "\x1b", "r", "3", "r", "v", "\x1b", "g", "\x1b")
"""Keys pressed again and again: answers alone, and with boxes and the result."""


class Measured(Terminal):
    """The interview on a terminal, with what it takes."""

    def __init__(self, folder: Path, size: tuple[int, int] = SIZE) -> None:
        super().__init__(folder, size=size, settings=INSTALLED)

    @property
    def cpu_s(self) -> float:
        """Return the CPU seconds so far."""
        return time.clock_gettime((~self._process.pid << 3) | 2)  # CPUCLOCK_SCHED of a process

    @property
    def memory_mib(self) -> float:
        """Return the resident memory."""
        return _resident_mib(Path(f"/proc/{self._process.pid}/status").read_text())

    def painted(self, wanted: bytes) -> float:
        """Return the CPU seconds by which a text is written."""
        while wanted not in self.output:
            self._read()
        return self.cpu_s

    def rest(self) -> None:
        """Read until nothing is worked out any more."""
        began = quiet = time.monotonic()
        before = self.cpu_s
        while time.monotonic() - quiet < QUIET_S and time.monotonic() - began < LONGEST_S:
            self._read()
            now = self.cpu_s
            if now - before > WORKING_S:
                before, quiet = now, time.monotonic()


def say(line: str) -> None:
    """Print a line as soon as it is known."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def alone(code: str) -> tuple[float, float]:
    """Return the CPU seconds and the memory of Python that runs `code`."""
    said = "\nimport time\nprint(time.process_time(), open('/proc/self/status').read())"
    done = subprocess.run(
        [sys.executable, "-c", code + said], capture_output=True, text=True, check=True, cwd=ROOT
    )
    cpu, status = done.stdout.split(maxsplit=1)
    return float(cpu), _resident_mib(status)


def _resident_mib(status: str) -> float:
    return int(status.split("VmRSS:")[1].split(maxsplit=1)[0]) / MIB


def start() -> None:
    """Print what passes until the first question, against importing textual alone."""
    _, with_numpy = alone("import textual.app, numpy")
    bases, skeleton, first = [], [], []
    for _ in range(ROUNDS):
        bases.append(alone("import textual.app"))
        with tempfile.TemporaryDirectory() as folder, Measured(Path(folder)) as shown:
            skeleton.append(shown.painted(b"opening the interview"))
            first.append(shown.painted(b"future values"))
    base, memory = map(min, zip(*bases, strict=True))
    say(f"import textual.app           {1000 * base:6.0f} ms  {memory:6.1f} MiB")
    say(f"and numpy                               {with_numpy:6.1f} MiB")
    say(f"something on the screen      {1000 * min(skeleton):6.0f} ms")
    say(f"first question               {1000 * min(first):6.0f} ms  {min(first) / base:6.2f} x")


def use(name: str, keys: tuple[str, ...], actions: int) -> None:
    """Print memory and rest before and after so many keys."""
    with tempfile.TemporaryDirectory() as folder, Measured(Path(folder)) as shown:
        shown.painted(b"future values")
        shown.rest()
        before, began = shown.memory_mib, shown.cpu_s
        time.sleep(REST_S)
        idle = (shown.cpu_s - began) / REST_S
        began = shown.cpu_s
        for key in itertools.islice(itertools.cycle(keys), actions):
            shown.type(key)
            shown.rest()
        grown, each = shown.memory_mib - before, (shown.cpu_s - began) / actions
    say(f"{name:<28} {before:6.1f} MiB at rest, {100 * idle:.1f} % CPU")
    say(f"  {actions} actions {grown:+25.1f} MiB, {1000 * each:.0f} ms each with all studies")


def main() -> None:
    """Print all figures."""
    actions = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as folder, Measured(Path(folder)) as shown:
        shown.painted(b"future values")  # compiled, where it was not
    start()
    use("answers and undo", ANSWERS, actions)
    use("boxes and the result, too", EVERYTHING, actions)


if __name__ == "__main__":
    main()
