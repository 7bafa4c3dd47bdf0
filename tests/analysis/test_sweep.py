"""Sweeps: a row for each combination, in order, the same however many processes work."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner

from advisor.analysis.sweep import Setting, grid, header, kept, line_of, rows
from advisor.analysis.sweep_values import axis_of, question_of
from advisor.cli.sweep import sweep
from advisor.domain.answers import Answers
from advisor.library.answers import read_answers
from advisor.planning.kit import Kit

AS_OF = "2026-11-22"
CHURN = Path(__file__).parents[1] / "scenarios" / "churn.yaml"


@pytest.fixture
def churn(kit: Kit) -> Answers:
    return read_answers(CHURN, kit.questions, kit.shapes.keys())


def test_a_grid_has_every_combination_once(kit: Kit, churn: Answers) -> None:
    axes = [
        axis_of(question_of(kit.questions, "peak_rps"), "1,10"),
        axis_of(question_of(kit.questions, "cloud_policy"), "aws+gcp,azure,any"),
    ]
    tasks = grid({"a": churn, "b": churn}, axes)
    assert len(tasks) == 2 * 2 * 3
    assert len({task.key for task in tasks}) == len(tasks)
    assert tasks[0].key == ("a", "1", "aws+gcp")


def test_rows_do_not_depend_on_the_number_of_processes(kit: Kit, churn: Answers) -> None:
    axes = [axis_of(question_of(kit.questions, "n_models"), "1:20:lin:20")]
    tasks = grid({"churn": churn}, axes)
    setting = Setting((), AS_OF)
    alone = list(rows(tasks, setting, 1))
    assert list(rows(tasks, setting, 2)) == alone
    columns = header(kit, axes)
    first = dict(zip(columns, next(csv.reader(io.StringIO(alone[0]))), strict=True))
    assert (first["scenario"], first["n_models"], first["feasible"]) == ("churn", "1", "yes")


def test_half_a_row_is_made_again_and_whole_ones_are_not() -> None:
    columns = ["scenario", "peak_rps", "feasible", "month_usd"]
    text = line_of(columns) + "a,1,yes,2.00\na,2,ye"
    assert kept(text, columns) == (line_of(columns) + "a,1,yes,2.00\n", {("a", "1")})
    assert kept("", columns) == ("", set())


def test_a_file_of_another_sweep_is_refused() -> None:
    with pytest.raises(ValueError, match="other columns"):
        kept("scenario,feasible\n", ["scenario", "peak_rps", "feasible"])


def test_an_interrupted_sweep_goes_on_where_it_stopped(tmp_path: Path) -> None:
    out = tmp_path / "rows.csv"
    words = [str(CHURN), "--grid", "n_models=1,2,3", "--jobs", "1", "--as-of", AS_OF]
    arguments = [*words, "-o", str(out)]
    assert CliRunner().invoke(sweep, arguments).exit_code == 0
    whole = out.read_bytes()
    assert whole.count(b"\n") == 4
    out.write_bytes(whole[:-20])
    assert CliRunner().invoke(sweep, arguments).exit_code == 0
    assert out.read_bytes() == whole
