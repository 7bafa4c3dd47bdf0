"""`advisor rules`: words and pages from one renderer, and skeletons that load."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from advisor.cli import main
from advisor.library.load import load_library

DAY = ["--as-of", "2026-11-22"]


def run(*arguments: str) -> int:
    return main.run(arguments, lambda *_: pytest.fail("the interview was opened"))


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    return Path(shutil.copytree("tests/packs/acme", tmp_path / "acme"))


def test_the_pages_say_what_the_rules_say(capsys: pytest.CaptureFixture[str]) -> None:
    code = run("rules", "pages", "--check")
    assert code == 0, f"run 'advisor rules pages' for: {capsys.readouterr().out}"
    for page in Path("rules").glob("*/README.md"):
        assert page.stat().st_size < 300 * 1024, page


def test_a_new_rule_loads_at_once_and_says_what_is_left(
    acme: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = ("--pack", str(acme))
    assert run("rules", "new", "ACME-COST", "--title", 'Pay in "euros"', *pack, *DAY) == 0
    said = capsys.readouterr().out
    place = acme / "rules" / "cost" / "pay_in_euros.yaml"
    assert "pay_in_euros.yaml:4:5: ACME-COST-001 is written; left to fill: when, then, " in said
    assert "because, rationale, references, cases" in said
    rule = next(r for r in load_library([acme], cases=True).rules if r.id == "ACME-COST-001")
    assert (rule.title, rule.area, len(rule.cases)) == ('Pay in "euros"', "cost", 2)
    assert place.read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=")


def test_the_check_refuses_what_is_left_and_nothing_else(
    acme: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = ("--pack", str(acme))
    assert run("rules", "new", "ACME-COST-007", "--title", "Pay in euros", *pack, *DAY) == 0
    capsys.readouterr()
    assert run("check", *pack, *DAY) == 1
    errors = [line for line in capsys.readouterr().out.splitlines() if ": E" in line]
    (error,) = errors
    assert "E138: ACME-COST-007: because, rationale, references, cases still say TODO" in error


def test_a_second_rule_goes_to_the_end_of_a_file_under_the_next_free_number(acme: Path) -> None:
    file = acme / "rules" / "lifecycle" / "schedules.yaml"
    before = file.read_text(encoding="utf-8")
    arguments = ("--title", "Another schedule", "--file", str(file), "--pack", str(acme))
    assert run("rules", "new", "ACME-LIFE", *arguments, *DAY) == 0
    assert file.read_text(encoding="utf-8").startswith(before)
    ids = [r.id for r in load_library([acme]).rules if r.id.startswith("ACME")]
    assert sorted(ids) == ["ACME-LIFE-001", "ACME-LIFE-002", "ACME-LIFE-003"]


@pytest.mark.parametrize(
    ("id_", "title", "said"),
    [
        ("COST-001", "Pay in euros", "the id is taken; the next free one is COST-"),
        ("PRICE-001", "Pay in euros", "no id of a rule"),
        ("ZZ-COST-001", "Pay in euros", "no pack 'zz' is in force"),
        ("ACME-COST-001", "Pay", "is too short"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_and_leaves_nothing(
    id_: str, title: str, said: str, acme: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(path for path in acme.rglob("*") if path.is_file())
    assert run("rules", "new", id_, "--title", title, "--pack", str(acme), *DAY) in (2, 3)
    assert said in capsys.readouterr().err
    assert sorted(path for path in acme.rglob("*") if path.is_file()) == before


def test_a_file_outside_every_library_is_refused_and_not_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "lost.yaml"
    assert run("rules", "new", "COST", "--title", "Pay in euros", "--file", str(file), *DAY) == 2
    assert "the file is in no library in force" in capsys.readouterr().err
    assert not file.exists()
