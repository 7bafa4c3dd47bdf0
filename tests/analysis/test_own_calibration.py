"""From a plan to a form, from a filled-in form to a pack, from a pack to another plan."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from advisor.analysis.estimate_table import Estimators
from advisor.analysis.own_calibration import refit
from advisor.cli.main import advisor
from advisor.library.locate import library_root

SCENARIO = str(library_root() / "tests/scenarios/lora-startup.yaml")
CALLS = str(library_root() / "tests/scenarios/call-centre.yaml")
DAY = ["--as-of", "2026-11-22"]


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(advisor, list(arguments), obj={"debug": False, "interview": None})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


def fill(table: Path, metric: str, kind: str, factor: float) -> None:
    """Write `factor` times the predicted rate into a form."""
    predict = Estimators.built_in().predictor(kind)
    with table.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        row[metric] = f"{float(predict(row)[f'pred_{metric}']) * factor:.6g}"
    with table.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def planned(*packs: str) -> dict[str, Any]:
    """Return the estimates of training."""
    shown = run("recommend", SCENARIO, "--json", *DAY, *packs).output
    estimates: dict[str, Any] = json.loads(shown)["estimates"]["training"]
    return estimates


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("forms")
    shown = run("calibrate", "plan", SCENARIO, "-o", str(folder), *DAY)
    assert shown.output.index("serving:") < shown.output.index("training:")
    return folder


def test_a_form_leaves_the_measured_cells_blank_and_the_script_compiles(forms: Path) -> None:
    with (forms / "training.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 3
    assert not any(row["tokens_per_s_per_gpu"] for row in rows)
    script = (forms / "training.py").read_text(encoding="utf-8")
    compile(script, "training.py", "exec")
    assert 'with_name("training.csv")' in script
    assert "vllm bench" in (forms / "serving.sh").read_text(encoding="utf-8")


def test_speech_is_measured_in_seconds_of_audio_with_its_decoder(tmp_path: Path) -> None:
    run("calibrate", "plan", CALLS, "-o", str(tmp_path), *DAY)
    script = (tmp_path / "serving.py").read_text(encoding="utf-8")
    compile(script, "serving.py", "exec")
    assert "model.generate(" in script
    assert "items_per_s=batch * WINDOW_S / seconds" in script
    with (tmp_path / "serving.csv").open(encoding="utf-8", newline="") as stream:
        assert {(row["task"], row["engine"]) for row in csv.DictReader(stream)} == {
            ("asr", "Transformers")
        }


def test_runs_faster_than_predicted_raise_the_efficiency_of_the_device(forms: Path) -> None:
    table = forms / "training.csv"
    fill(table, "tokens_per_s_per_gpu", "training", 1.1)
    with table.open(encoding="utf-8", newline="") as stream:
        (one,) = refit(list(csv.DictReader(stream)), "training", Estimators.built_in())
    assert one.runs.device == "h100-sxm5-80gb"
    assert one.before == pytest.approx(1 / 1.1 - 1, abs=1e-3)
    assert one.after == pytest.approx(0.0, abs=1e-3)
    assert one.factor > 1.1
    assert set(one.constants) == {
        "matrix_efficiency.hopper",
        "attention_efficiency.hopper",
        "sample_efficiency.hopper",
    }


def test_a_fitted_pack_moves_the_plan_and_says_measured_here(forms: Path, tmp_path: Path) -> None:
    fill(forms / "training.csv", "tokens_per_s_per_gpu", "training", 1.1)
    pack = tmp_path / "lab"
    said = run("calibrate", "fit", str(forms / "training.csv"), "-o", str(pack)).output
    assert "matrix_efficiency.hopper" in said
    before, after = (planned(*packs) for packs in ([], ["--pack", str(pack)]))
    assert after["hours"]["likely"] < before["hours"]["likely"]
    assert after["hours"]["basis"].startswith("measured here: 3 runs")
    assert "near in kind" in before["hours"]["basis"]


def test_a_second_fit_keeps_what_the_pack_holds_of_the_other_use(
    forms: Path, tmp_path: Path
) -> None:
    pack = tmp_path / "lab"
    fill(forms / "training.csv", "tokens_per_s_per_gpu", "training", 1.1)
    fill(forms / "serving.csv", "tokens_per_s_total", "inference", 0.9)
    for use in ("training", "serving"):
        run("calibrate", "fit", str(forms / f"{use}.csv"), "-o", str(pack))
    text = (pack / "knowledge/calibration/measured.yaml").read_text(encoding="utf-8")
    assert "use: training" in text
    assert "use: serving" in text


def test_a_form_that_is_not_filled_in_says_what_to_do(tmp_path: Path) -> None:
    form = tmp_path / "empty.csv"
    form.write_text("task,model,gpu,seq_len,tokens_per_s_per_gpu\npretrain,x,H100,2048,\n")
    result = CliRunner().invoke(
        advisor, ["calibrate", "fit", str(form), "-o", str(tmp_path / "p")], obj={}
    )
    assert "fill in the blank columns" in str(result.exception)


def test_a_single_estimate_names_measurements_like_it() -> None:
    cells = ["model=llama-2-70b", "gpu=H100-80GB-SXM", "n_gpus=128", "seq_len=4096"]
    sets = [word for cell in cells for word in ("--set", cell)]
    shown = json.loads(run("estimate", "--json", *sets).output)
    assert len(shown["like"]) == 3
    assert all("we predict" in line for line in shown["like"])
