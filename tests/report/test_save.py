"""Writing a report: whole or not at all, with a message where it cannot be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from advisor.errors import InputError
from advisor.library.atomic import replace_file
from advisor.report.save import write


def test_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    target = tmp_path / "plan.md"
    write(str(target), b"one")
    write(str(target), b"two")
    assert target.read_bytes() == b"two"
    assert [p.name for p in tmp_path.iterdir()] == ["plan.md"]


def test_the_old_file_stays_where_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "plan.md"
    target.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="No space left on device"):
        write(str(target), b"new")
    assert target.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["plan.md"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"E340: cannot be written .*; name a file in a folder"):
        write(str(tmp_path / "no" / "plan.md"), b"x")


def test_permissions_are_kept(tmp_path: Path) -> None:
    target = tmp_path / "plan.md"
    target.write_bytes(b"old")
    target.chmod(0o640)
    replace_file(target, b"new")
    assert target.stat().st_mode & 0o777 == 0o640


def test_a_dash_is_standard_output(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    write("-", b"{}\n")
    assert capfdbinary.readouterr().out == b"{}\n"
