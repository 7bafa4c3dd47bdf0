"""The program's entry: commands, or the terminal interview where none is given."""

from __future__ import annotations

import os
import sys

OK, NOT_FEASIBLE, BAD_INPUT, BROKEN, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit codes: done; ran with a negative result; bad input or usage; broken library or missing
extra; interrupted."""


def main() -> None:
    """Run the command line; without a command, open the interview."""
    if len(sys.argv) == 1:
        sys.exit(_interview())
    from advisor.cli.main import run  # noqa: PLC0415  (the interview starts without the commands)

    sys.exit(run(sys.argv[1:]))


def _interview() -> int:
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("TERM") == "dumb":
        sys.stderr.write(
            "advisor: the interview needs a terminal; "
            "use 'advisor recommend ANSWERS', or 'advisor ask --plain' for plain prompts\n"
        )
        return BAD_INPUT
    from advisor.tui.app import interview  # noqa: PLC0415  (textual is imported only here)

    return interview()


if __name__ == "__main__":
    main()
