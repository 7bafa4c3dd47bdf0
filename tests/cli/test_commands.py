"""The command line as scripts use it: exit codes, clean standard output, one line a problem."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from advisor.cli import main

CHURN = "tests/scenarios/churn.yaml"
DAY = ["--as-of", "2026-11-22"]


def run(arguments: list[str]) -> int:
    """Run a command; none of these opens the interview."""
    return main.run(arguments, lambda *_: pytest.fail("the interview was opened"))


def test_recommend_prints_a_plan_as_json_and_nothing_else(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    assert run(["recommend", CHURN, "--json", *DAY]) == 0
    plan = json.loads(capfdbinary.readouterr().out)
    assert plan["feasible"] is True
    assert plan["decisions"]["approach"]["chosen"] == "ml"


def test_an_infeasible_plan_exits_with_one_and_is_still_complete(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    assert run(["recommend", "tests/scenarios/impossible-budget.yaml", "--json", *DAY]) == 1
    plan = json.loads(capfdbinary.readouterr().out)
    assert plan["feasible"] is False
    assert all(decision["because"] for decision in plan["decisions"].values())


def test_answers_come_from_standard_input(
    capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = io.TextIOWrapper(io.BytesIO(b"problem_type: forecasting\n"))
    monkeypatch.setattr(sys, "stdin", raw)
    assert run(["recommend", "-", "--json", *DAY]) == 0
    plan = json.loads(capfdbinary.readouterr().out)
    assert plan["answers"]["problem_type"] == {"value": "forecasting", "source": "file"}


def test_a_report_is_written_whole_to_the_file_named(tmp_path: Path) -> None:
    target = tmp_path / "plan.md"
    assert run(["recommend", CHURN, "-o", str(target), *DAY]) == 0
    assert target.read_text(encoding="utf-8").startswith("# ML architecture plan")
    assert [path.name for path in tmp_path.iterdir()] == ["plan.md"]


def test_set_replaces_an_answer_and_is_marked_as_given(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    assert run(["recommend", CHURN, "--set", "budget_monthly=900", "--json", *DAY]) == 0
    plan = json.loads(capfdbinary.readouterr().out)
    assert plan["answers"]["budget_monthly"] == {"value": 900, "source": "given"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["recommend", "no-such-file.yaml"], "no-such-file.yaml"),
        (["recommend", CHURN, "--set", "budgt_monthly=9"], "budget_monthly"),
        (["recommend", CHURN, "--set", "budget_monthly"], "has no '='"),
        (["recommend", CHURN, "--set", "budget_monthly=-5"], "-5"),
        (["recommend", CHURN, "--as-of", "yesterday"], "write it as 2026-11-22"),
        (["recommend", CHURN, "--format", "doc"], "doc"),
        (["recommend", CHURN, "-o", "/no/such/folder/plan.md"], "/no/such/folder/plan.md"),
        (["explain", CHURN, "orchestrater"], "orchestrator"),
        (["explain", CHURN, "--why-not", "airflow33"], "airflow3"),
        (["rules", "show", "PERF-9999"], "no rule"),
        (["knowledge", "show", "h100-sxm5-80g"], "h100-sxm5-80gb"),
        (["estimate", "--set", "gpu"], "has no '='"),
        (["recomend", CHURN], "recomend"),
    ],
)
def test_bad_input_gets_one_clear_line_and_exit_code_two(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    streams = capsys.readouterr()
    assert said in streams.err
    assert streams.out == ""
    assert "Traceback" not in streams.err


def test_explain_names_rules_reasons_and_answers(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", CHURN, "serving_pattern", *DAY]) == 0
    out = capsys.readouterr().out
    assert "Serving pattern:" in out
    assert "source:" in out
    assert "Way of serving: in batches on a schedule (the file says so)" in out


def test_each_reason_is_explained_by_its_own_facts_in_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One rule speaks for Airflow three times; each time something else is true."""
    assert run(["explain", "tests/scenarios/rag-bank.yaml", "orchestrator", *DAY]) == 0
    out = capsys.readouterr().out
    parts = out.split("is made for this situation (")[1:4]
    situations = [part.partition(")")[0] for part in parts]
    assert len(set(situations)) == 3
    for part, situation in zip(parts, situations, strict=True):
        assert f"the situation is: {situation}" in part
    facts = [line for line in out.splitlines() if line.startswith("    ")]
    assert not [line for line in facts if "_" in line and "source:" not in line]


def test_why_not_names_what_stands_against_a_candidate(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", CHURN, "--why-not", "kubernetes", *DAY]) == 0
    assert "ruled out" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [["questions"], ["rules", "list"], ["knowledge", "list", "accelerators"]],
)
def test_listings_print_text_and_json(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 0
    text = capsys.readouterr().out
    assert run([*arguments, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) > 50
    assert len(text.splitlines()) > 50


def test_a_rule_is_shown_in_words_with_its_sources(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "show", "COMP-100"]) == 0
    out = capsys.readouterr().out
    assert "When" in out
    assert "Sources" in out


def test_the_library_passes_its_own_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", *DAY]) == 0
    assert " 0 errors" in capsys.readouterr().err


def test_recommend_never_imports_textual() -> None:
    code = (
        "import sys; from advisor.cli.main import run; "
        f"run(['recommend', '{CHURN}', '--json', '-o', '{os.devnull}'], lambda *_: 0); "
        "sys.exit('textual' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_without_a_terminal_the_interview_refuses_with_a_hint() -> None:
    found = subprocess.run(
        [sys.executable, "-m", "advisor"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 2
    assert "advisor recommend" in found.stderr


def test_debug_shows_what_each_stage_was_told_and_fired(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert run(["recommend", CHURN, "--debug", "-o", os.devnull, *DAY]) == 0
    shown = capfd.readouterr().err
    assert "answers: " in shown
    assert "estimates of hardware: " in shown
    assert "level 0 " in shown


def test_stale_knowledge_is_listed_with_its_share(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["knowledge", "stale", "--as-of", "2020-01-01"]) == 0
    assert "accelerators: 0 of " in capsys.readouterr().out
    assert run(["knowledge", "stale", "--json", "--as-of", "2036-01-01"]) == 0
    found = json.loads(capsys.readouterr().out)
    late = found["kinds"]["accelerators"]
    assert late["stale"] == late["dated"] > 50
    assert len(found["stale"]) == sum(kind["stale"] for kind in found["kinds"].values())
    assert {"kind", "id", "as_of", "age_days", "shelf_life_days", "place"} == set(found["stale"][0])


def test_a_shell_completes_commands() -> None:
    asked = {"_ADVISOR_COMPLETE": "bash_complete", "COMP_WORDS": "advisor recom", "COMP_CWORD": "1"}
    found = subprocess.run(
        [sys.executable, "-m", "advisor"],
        env={**os.environ, **asked},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.split() == ["plain,recommend"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_script_asks_the_program(
    shell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["completion", shell]) == 0
    assert f"_ADVISOR_COMPLETE={shell}_complete" in capsys.readouterr().out
