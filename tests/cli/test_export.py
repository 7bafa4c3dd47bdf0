"""`advisor export`: what is written, what is refused and how it is said."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from advisor.cli import main

CHAT = "tests/scenarios/chat-70b-eu.yaml"
DAY = ["--as-of", "2026-11-22"]


def run(*arguments: str) -> int:
    """Run a command; none of these opens the interview."""
    return main.run(["export", *arguments, *DAY], lambda *_: pytest.fail("interview opened"))


def test_all_writes_what_fits_and_says_what_does_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "new" / "folder"
    assert run(CHAT, "-o", str(folder)) == 0
    said = capsys.readouterr()
    assert not said.out
    assert "not made: slurm: the plan trains nothing on machines of its own" in said.err
    written = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert {"README.md", "engine/serve.sh", "kubernetes/serving.yaml"} <= written
    assert not any(path.startswith(("slurm", "skypilot")) for path in written)
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert "| `MODEL` |" in readme
    assert "`HF_TOKEN` opens models behind a licence" in readme
    assert "`slurm` (Slurm batch script): the plan trains nothing" in readme


def test_a_target_without_a_place_in_the_plan_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(CHAT, "--target", "slurm", "--target", "compose", "-o", str(tmp_path / "x")) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert all(line.startswith("--target: E361: ") for line in lines)
    assert not (tmp_path / "x").exists()


def test_one_file_goes_to_standard_output_and_more_do_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(CHAT, "--target", "engine", "-o", "-") == 0
    assert capsys.readouterr().out.startswith("#!/usr/bin/env bash\n")
    assert run(CHAT, "--target", "kubernetes", "-o", "-") == 2
    assert "-o: E362: 6 files do not fit standard output" in capsys.readouterr().err


def test_an_archive_holds_the_same_files_each_time(tmp_path: Path) -> None:
    first, second = tmp_path / "a.zip", tmp_path / "b.zip"
    assert run(CHAT, "-o", str(first)) == 0
    assert run(CHAT, "-o", str(second)) == 0
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        assert "kubernetes/kustomization.yaml" in archive.namelist()


def test_the_list_says_what_can_be_made(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(CHAT, "--list", "--json") == 0
    rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["kubernetes"]["refused"] == ""
    assert "trains nothing" in rows["slurm"]["refused"]


def test_without_a_folder_nothing_is_made(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(CHAT) == 2
    assert capsys.readouterr().err == (
        "-o: E363: no folder is named; add -o DIR, or --list to see what can be made\n"
    )


def test_a_plan_that_is_not_feasible_is_not_exported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "x"
    assert run("tests/scenarios/impossible-budget.yaml", "-o", str(folder)) == 1
    assert "not feasible" in capsys.readouterr().err
    assert not folder.exists()


def test_a_plan_without_artefacts_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("tests/scenarios/rules-are-enough.yaml", "-o", str(tmp_path / "x")) == 1
    assert "calls for none of these artefacts" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("x")
    assert run(CHAT, "-o", str(blocked)) == 2
    assert "E340" in capsys.readouterr().err
