"""`advisor test`: scenarios with expectations, ours and those of users."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from advisor.cli import main

DAY = ["--as-of", "2026-11-22"]
SMALL = "answers: {problem_type: forecasting}\n"


def run(*arguments: str) -> int:
    return main.run([*arguments, *DAY], lambda *_: pytest.fail("the interview was opened"))


def test_our_scenarios_hold_what_they_expect(capsys: pytest.CaptureFixture[str]) -> None:
    code = run("test", "tests/scenarios")
    streams = capsys.readouterr()
    failed = [line for line in streams.out.splitlines() if line.startswith("FAIL")]
    assert not failed, "\n".join(failed)
    assert code == 0
    assert len(streams.out.splitlines()) > 90


def test_a_failure_is_told_with_its_line_and_what_decided_and_exits_with_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(SMALL + "expect:\n  approach: ml\n  orchestrator: airflow3\n")
    assert run("test", str(path)) == 1
    streams = capsys.readouterr()
    assert f"pass {path}:3:3: approach one of ml, the plan has ml" in streams.out
    assert f"FAIL {path}:4:3: orchestrator one of airflow3, the plan has" in streams.out
    assert "not airflow3: " in streams.out
    assert "2 expectations in 1 files: 1 do not hold" in streams.err


def test_outcomes_come_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.yaml").write_text(SMALL + "expect: {approach: ml}\n")
    (tmp_path / "b.yaml").write_text(SMALL)
    assert run("test", str(tmp_path), "--json") == 0
    (outcomes,) = json.loads(capsys.readouterr().out).values()
    assert outcomes[0]["holds"] is True
    assert outcomes[0]["decided_by"]


def test_problems_of_all_files_come_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(SMALL + "expect: {approch: ml}\n")
    assert run("test", str(tmp_path)) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2
    assert all("did you mean 'approach'?" in line for line in said)


def test_files_that_expect_nothing_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.yaml").write_text(SMALL)
    assert run("test", str(tmp_path)) == 2
    assert "no file has an 'expect:' section" in capsys.readouterr().err
