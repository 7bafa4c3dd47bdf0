"""Writing a report: whole or not at all."""

from __future__ import annotations

import sys
from pathlib import Path

from advisor.errors import InputError, Place, Problem
from advisor.library.atomic import replace_file

STDOUT = "-"


def write(output: str, data: bytes) -> None:
    """Write to the file named, or to standard output for `-`; raises InputError if it cannot."""
    if output == STDOUT:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        replace_file(Path(output), data)
    except OSError as error:
        message = f"cannot be written ({error.strerror}); name a file in a folder you may write to"
        raise InputError([Problem(Place(output), "E340", "", message)]) from None
