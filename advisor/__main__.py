"""The program's entry: commands, or the interview where none is given."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

OK, NOT_FEASIBLE, BAD_INPUT, BROKEN, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit codes: done; ran with a negative result; bad input or usage; broken library or missing
extra; interrupted."""
DEPTH = "standard"
"""What `advisor` alone asks; a key goes on to the expert questions."""

GARBAGE = 400_000
"""New objects after which garbage is looked for: library and rules are half as many, and stay."""


def main() -> None:
    """Run the command line; without a command, open the interview."""
    gc.set_threshold(GARBAGE)
    plain = os.environ.get("TERM") == "dumb" or os.environ.get("ADVISOR_ACCESSIBLE") == "1"
    completing = "_ADVISOR_COMPLETE" in os.environ
    if len(sys.argv) == 1 and not (plain or completing):
        from advisor.library.locate import packs_in_force  # noqa: PLC0415  (as the line below)

        sys.exit(open_interview(DEPTH, None, packs_in_force()))
    from advisor.cli.main import run  # noqa: PLC0415  (the interview starts without the commands)

    arguments = sys.argv[1:] or ([] if completing else ["ask", "--plain"])
    code = run(arguments, open_interview)
    gc.freeze()  # the process ends: nothing is searched for garbage once more
    sys.exit(code)


def open_interview(depth: str, answers: Path | None, packs: tuple[Path, ...]) -> int:
    """Open the interview on the terminal; return its exit code, BAD_INPUT without a terminal."""
    in_browser = "TEXTUAL_DRIVER" in os.environ
    if not in_browser and not (sys.stdin.isatty() and sys.stdout.isatty()):
        sys.stderr.write(
            "advisor: the interview needs a terminal; "
            "use 'advisor recommend ANSWERS', or 'advisor ask --plain' for plain prompts\n"
        )
        return BAD_INPUT
    from advisor.tui.open import open_interview as opened  # noqa: PLC0415  (textual only here)

    return opened(depth, answers, packs)


if __name__ == "__main__":
    main()
