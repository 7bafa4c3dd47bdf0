"""Run every check of the project in turn and fail if any of them does.

The tests come last, so that the output ends on pytest's closing line.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
CHECKS = (
    (PYTHON, "-m", "ruff", "check", "advisor", "tests"),
    (PYTHON, "-m", "mypy"),
    (str(Path(PYTHON).with_name("lint-imports")), "--no-logo"),
    (PYTHON, "-m", "advisor", "check"),
    (PYTHON, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile"),
)


def main() -> int:
    """Return 0 where every check passes, else the exit code of the last one that failed."""
    failed = 0
    for command in CHECKS:
        print("==", *command, flush=True)  # noqa: T201
        failed = subprocess.run(command, cwd=ROOT, check=False).returncode or failed
    return failed


if __name__ == "__main__":
    sys.exit(main())
