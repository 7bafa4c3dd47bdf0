"""Writing a report: whole or not at all."""

from __future__ import annotations

import sys
from collections.abc import Mapping
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
        raise _unwritten(output, error, "file in a folder") from None


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files under the folder, which is made where it is missing; files of other names
    stay as they are. Raises InputError where it cannot."""
    for name, data in files.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, data)
        except OSError as error:
            raise _unwritten(str(path), error, "folder") from None


def _unwritten(output: str, error: OSError, what: str) -> InputError:
    message = f"cannot be written ({error.strerror}); name a {what} you may write to"
    return InputError([Problem(Place(output), "E340", "", message)])
