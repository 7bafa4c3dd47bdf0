"""`advisor review`: files, messages, formats and exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from advisor.cli import main
from advisor.library import yamlfile
from advisor.library.yamlfile import Ids

DAY = ("--as-of", "2026-11-22")
SCENARIO = "tests/scenarios/churn.yaml"
EXAMPLES = sorted(Path("tests/architectures").glob("*.yaml"))
ANSWERS = "answers: {problem_type: tabular_prediction, inference_mode: [batch]}\n"


def run(*arguments: str) -> int:
    return main.run(arguments, lambda *_: pytest.fail("the interview was opened"))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("review") / "architecture.yaml"
    assert run("review", "--template", SCENARIO, "-o", str(path), *DAY) == 0
    return path


def edited(template: Path, folder: Path, *changes: tuple[str, str]) -> str:
    text = template.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path = folder / "edited.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_template_passes_its_own_review(
    template: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run("review", str(template), *DAY) == 0
    assert "30 of 30 choices are as they should be" in capfd.readouterr().out


def test_a_severe_finding_fails_the_review_until_it_is_accepted(
    template: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    wrong = edited(template, tmp_path, ("ci_cd: gha", "ci_cd: argocd"))
    assert run("review", wrong, *DAY) == 1
    assert "1 severe finding stands" in capfd.readouterr().out
    with Path(wrong).open("a", encoding="utf-8") as stream:
        stream.write("suppress: [{about: ci_cd, reason: moving in spring, until: '2027-06-30'}]\n")
    assert run("review", wrong, *DAY) == 0
    assert "moving in spring" in capfd.readouterr().out
    assert run("review", wrong, "--as-of", "2027-07-01") == 1


@pytest.mark.parametrize(
    ("rest", "where", "what"),
    [
        ("decisions: {orchestrater: airflow3}", "2:13", "did you mean 'orchestrator'?"),
        ("decisions: {orchestrator: airflow}", "2:13", "did you mean 'airflow3'?"),
        ("decisions: {orchestrator: feast}", "2:13", "'feast' belongs to feature_store"),
        ("decisions: {orchestrator: [airflow3]}", "2:13", "takes one id, not a list"),
        ("decisions: {data_quality: [pandara]}", "2:13", "did you mean 'pandera'?"),
        ("decisions: {}", "2:1", "is empty"),
        ("decisions: {approach: ml}\nmachines: {serving: 0}", "3:12", "is below 1"),
        ("decisions: {approach: ml}\nmachine: {serving: 1}", "3:1", "did you mean 'machines'?"),
        ("decisions: {approach: ml}\npractices: [canari]", "3:13", "did you mean 'canary'?"),
        (
            "decisions: {approach: ml}\nsuppress: [{about: approach, reason: no, until: soon}]",
            "3:",
            "does not have the form",
        ),
        (
            "decisions: {approach: ml}\n"
            "suppress: [{about: aproach, reason: agreed in May, until: '2027-02-30'}]",
            "3:",
            "is no day; write it as 2027-06-30",
        ),
    ],
)
def test_what_a_file_gets_wrong_is_said_with_its_place(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], rest: str, where: str, what: str
) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(ANSWERS + rest + "\n", encoding="utf-8")
    assert run("review", str(path), *DAY) == 2
    error = capfd.readouterr().err
    assert what in error
    assert f"{path}:{where}" in error


def test_problems_of_answers_and_decisions_are_told_together(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text("answers: {peak_rsp: 3}\ndecisions: {tuning: optuma}\n", encoding="utf-8")
    assert run("review", str(path), *DAY) == 2
    error = capfd.readouterr().err
    assert "did you mean 'peak_rps'?" in error
    assert "did you mean 'optuna'?" in error


def test_no_file_says_how_to_begin(capfd: pytest.CaptureFixture[str]) -> None:
    assert run("review") == 2
    assert "--template" in capfd.readouterr().err


def test_the_published_schema_takes_the_examples_and_refuses_other_words(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert run("review", "--schema") == 0
    schema = json.loads(capfd.readouterr().out)
    jsonschema.Draft202012Validator.check_schema(schema)
    checker = jsonschema.Draft202012Validator(schema)
    for path in EXAMPLES:
        data: dict[str, Any] = yamlfile.read(path, Ids("E300")).data
        checker.validate(data)
        data["decisions"]["orchestrator"] = "airflow"
        assert not checker.is_valid(data)


@pytest.mark.parametrize("format_", ["text", "md", "json", "html"])
def test_every_format_is_written_the_same_twice_and_hostile_reasons_are_inert(
    template: Path, tmp_path: Path, format_: str
) -> None:
    wrong = edited(template, tmp_path, ("feature_store: none", "feature_store: feast"))
    with Path(wrong).open("a", encoding="utf-8") as stream:
        stream.write(
            "suppress:\n  - {about: feature_store, until: '2027-06-30',\n"
            '     reason: "<script>alert(1)</script> \\e[31m [x](javascript:y)"}\n'
        )
    first, second = (tmp_path / f"{n}.{format_}" for n in (1, 2))
    for path in (first, second):
        assert run("review", wrong, "--format", format_, "-o", str(path), *DAY) == 0
    assert first.read_bytes() == second.read_bytes()
    text = first.read_text(encoding="utf-8")
    assert "\x1b" not in text
    if format_ in ("html", "md"):
        assert "<script" not in text
    if format_ == "json":
        (finding,) = json.loads(text)["findings"]
        assert finding["accepted"]["until"] == "2027-06-30"
