"""Opening the interview: something is on screen before textual is imported."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

from advisor.errors import AdvisorError

try:
    import termios
except ImportError:  # Windows has none
    termios = None  # type: ignore[assignment]

LOCAL = 3
"""Where the settings of a terminal hold those of echo."""
SKELETON = "\x1b[?1049h\x1b[2J\x1b[H advisor · opening the interview"
COMPILING = ": all rules are read, once after a change"
INTERRUPTED = 130
DEFECT = 3
"""The exit code of a defect, as for every other command."""
RESTORE = "\x1b[?1049l"
"""The alternate screen, which textual takes over, and the way back should that fail."""


def open_interview(depth: str, answers: Path | None, packs: tuple[Path, ...]) -> int:
    """Run the interview in the terminal, or in the browser tab behind a pipe."""
    _tell(SKELETON)
    _without_encryption()
    try:
        with _unechoed():
            from advisor.analysis.advice_session import AdviceSession  # noqa: PLC0415  (after that)
            from advisor.tui.app import InterviewApp  # noqa: PLC0415  (as above)
            from advisor.tui.keymap import keys_in_force  # noqa: PLC0415  (as above)

            keys = keys_in_force()
            advice = AdviceSession.start(depth, packs, lambda: _tell(COMPILING))
    except BaseException as error:
        _tell(RESTORE)
        if isinstance(error, KeyboardInterrupt):
            return INTERRUPTED
        if not isinstance(error, AdvisorError):
            raise
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    app = InterviewApp(advice, answers, keys)
    app.run()
    if app.failure:
        sys.stderr.write(f"{app.failure}\n")
    return DEFECT if app.crashed else app.return_code or 0


def _without_encryption() -> None:
    """Do without OpenSSL: a twentieth of the start and 4 MiB.

    The interview talks to nobody, and what it hashes is small; asyncio and hashlib do without, as
    they must where Python was built without it.
    """
    for name in ("ssl", "_hashlib"):
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # how an import is refused


@contextlib.contextmanager
def _unechoed() -> Iterator[None]:
    """Keep keys typed meanwhile for the first question without showing them."""
    if termios is None or not sys.stdin.isatty():
        yield
        return
    before = termios.tcgetattr(sys.stdin)
    quiet = list(before)
    quiet[LOCAL] &= ~termios.ECHO
    termios.tcsetattr(sys.stdin, termios.TCSANOW, quiet)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSANOW, before)


def _tell(text: str) -> None:
    """Write to the terminal, where there is one."""
    if sys.stdout.isatty():
        sys.stdout.write(text)
        sys.stdout.flush()
