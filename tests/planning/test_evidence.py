"""Published measurements: read, searched for the nearest, and shown beside a plan."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from advisor.advise import advise
from advisor.analysis.estimate_table import Estimators
from advisor.analysis.evidence_selection import refreshed
from advisor.domain.evidence import PublishedFigure, Setup
from advisor.library.answers import parse_answers
from advisor.library.evidence import published_figures
from advisor.library.locate import library_root
from advisor.planning.kit import Kit
from advisor.planning.line import Line
from advisor.sizing.nearest import distance, likeness, nearest, words

EVIDENCE = library_root() / "knowledge" / "evidence"
SOURCES = {"training.csv": 40, "inference.csv": 30}


def rows(name: str) -> list[dict[str, str]]:
    with (EVIDENCE / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def setup(**changed: object) -> Setup:
    usual: dict[str, object] = {
        "use": "training",
        "task": "pretrain",
        "params": 8e9,
        "device": "h100-sxm5-80gb",
        "architecture": "hopper",
        "count": 8,
        "precision": "bf16",
        "length": 4096.0,
        "model": "llama-3-8b",
    }
    return Setup(**{**usual, **changed})  # type: ignore[arg-type]  # test data


def figure(source: str, **changed: object) -> PublishedFigure:
    return PublishedFigure(
        setup(**changed), "H100", "tokens_per_s_per_gpu", 9000.0, 8800.0, source, "row 1", "2024-11"
    )


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_each_row_says_where_its_figure_stands(name: str) -> None:
    found = rows(name)
    assert len({row["source"] for row in found}) >= SOURCES[name]
    assert all(row["source"] and row["source_locator"] for row in found)


def test_every_measured_row_of_a_known_load_is_read() -> None:
    figures = published_figures(EVIDENCE)
    measured = [row for name in SOURCES for row in rows(name) if row["metric"]]
    online = [row for row in measured if row["task"] == "llm_serving_online"]
    unknown = [row for row in online if not row["batch_or_concurrency"]]
    assert 0 < len(unknown) < len(online)
    assert len(figures) == len(measured) - len(unknown)
    assert all(f.measured > 0 for f in figures)


def test_the_same_run_lies_nearest_and_a_twin_is_not_named_twice() -> None:
    same, twin, large = figure("a"), figure("b"), figure("c", params=70e9, model="llama-3-70b")
    assert distance(setup(), same.setup) == 0.0
    assert nearest(setup(), [large, twin, same], 2) == (same, large)


def test_a_doubled_model_is_as_far_as_four_times_the_devices() -> None:
    assert distance(setup(), setup(params=16e9)) == distance(setup(), setup(count=32)) == 1.0


def test_what_is_in_flight_tells_services_apart() -> None:
    assert distance(setup(batch=16), setup(batch=1)) == 1.0
    assert distance(setup(batch=16), setup()) > 0.0
    assert "64 at once" in words(figure("a", batch=64.0))


def test_sixteen_bit_formats_count_as_the_same_width() -> None:
    assert distance(setup(), setup(precision="fp16(AMP)")) == 0.0
    assert distance(setup(), setup(precision="fp8")) == 0.5


def test_words_name_the_run_the_figure_the_prediction_and_the_source() -> None:
    assert words(figure("NVIDIA NeMo 24.07")) == (
        "llama-3-8b, 8 x H100, bf16, 4,096 tokens: 9,000 tokens/s a device; we predict 8,800 "
        "(NVIDIA NeMo 24.07, 2024-11)"
    )


def test_a_missing_table_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"training\.csv"):
        published_figures(tmp_path)


def test_the_predictions_of_training_are_those_of_the_estimators() -> None:
    kept = rows("training.csv")[::9]
    now = refreshed(kept, "training", Estimators.built_in())
    for before, after in zip(kept, now, strict=True):
        assert before == after


def test_a_plan_names_three_measurements_like_each_sized_use(kit: Kit) -> None:

    text = (library_root() / "tests/scenarios/lora-startup.yaml").read_bytes()
    answers = parse_answers(text, "lora-startup", kit.questions, kit.shapes.keys())
    plan = advise(answers, Line(kit), "2026-11-22")
    sized = [use for use in plan.hardware if use.count]
    assert sized
    assert all(len(use.like) >= 3 for use in sized)


def test_a_device_without_measurements_says_so() -> None:
    known = [figure("a"), figure("b", count=16), figure("c", count=32)]
    assert len(likeness(setup(), known)) == 3
    assert "extrapolated" in likeness(setup(device="gaudi3"), known)[-1]


def test_an_image_model_is_not_like_a_language_model() -> None:
    text, image = figure("a"), figure("b", task="vision_train", params=1e9, device="v100")
    wanted = setup(task="vision_train", params=8e9)
    assert nearest(wanted, [text, image], 1) == (image,)
