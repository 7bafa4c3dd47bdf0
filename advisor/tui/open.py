"""Opening the interview: something is on screen before textual is imported."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from advisor.analysis.advice_session import AdviceSession

SKELETON = "\x1b[?1049h\x1b[2J\x1b[H advisor · opening the interview"
RESTORE = "\x1b[?1049l"
"""The alternate screen, which textual takes over, and the way back should that fail."""


def open_interview(depth: str, answers: Path | None, packs: tuple[Path, ...]) -> int:
    """Run the interview in the terminal, or in the browser tab behind a pipe."""
    in_terminal = sys.stdout.isatty()
    if in_terminal:
        sys.stdout.write(SKELETON)
        sys.stdout.flush()
    try:
        from advisor.tui.app import InterviewApp  # noqa: PLC0415  (after the first paint)
    except BaseException:
        if in_terminal:
            sys.stdout.write(RESTORE)
        raise

    def start() -> AdviceSession:
        from advisor.analysis.advice_session import AdviceSession  # noqa: PLC0415  (in a thread)

        return AdviceSession.start(depth, packs)

    app = InterviewApp(start, answers)
    app.run()
    if app.failure:
        sys.stderr.write(f"{app.failure}\n")
    return app.return_code or 0
