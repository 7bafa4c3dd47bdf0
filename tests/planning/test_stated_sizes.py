"""What was said of size is used: parameters, volumes, milliseconds and the machines that stand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from advisor.advise import advise
from advisor.domain.plan import HardwareUse, Plan
from advisor.library.answers import read_answers
from advisor.planning.kit import Kit
from advisor.planning.line import Line

Answers = Mapping[str, object]


def plan(kit: Kit, folder: Path, answers: Answers, model: str = "") -> Plan:
    path = folder / "answers.yaml"
    named = {"model": model} if model else {}
    path.write_text(yaml.safe_dump({**named, "answers": dict(answers)}), encoding="utf-8")
    return advise(read_answers(path, kit.questions, kit.shapes.keys()), Line(kit), "2026-11-22")


def used(found: Plan, use: str) -> HardwareUse:
    return next(h for h in found.hardware if h.use == use)


def hours(found: Plan) -> float:
    return next(f for f in used(found, "training").figures if f.id == "hours").value.likely


def latency(found: Plan) -> float:
    return next(f for f in used(found, "serving").figures if f.id == "service").value.likely


FORECAST = {"problem_type": "forecasting", "cloud_policy": ["gcp"], "train_hours_target": 400}


def test_a_forecast_of_a_stated_size_is_a_network(kit: Kit, tmp_path: Path) -> None:
    """Parameters are counted of networks alone: without them statistics do the same job."""
    network = plan(kit, tmp_path, {**FORECAST, "model_params_b": 1.3, "data_volume_gb": 1000})
    assert used(network, "training").accelerator != "cpu"
    assert used(plan(kit, tmp_path, FORECAST), "training").accelerator == "cpu"


def test_series_follow_a_volume_that_was_given(kit: Kit, tmp_path: Path) -> None:
    """Ten times the data are ten times the series, until a run reads a selection."""
    few = plan(kit, tmp_path, {**FORECAST, "data_volume_gb": 10})
    many = plan(kit, tmp_path, {**FORECAST, "data_volume_gb": 100})
    assert hours(many) * used(many, "training").vcpus == pytest.approx(
        10 * hours(few) * used(few, "training").vcpus, rel=0.01
    )


BOTS = {
    "problem_type": "anomaly_fraud",
    "inference_mode": ["online"],
    "consumers": ["other_systems"],
    "peak_rps": 1000,
    "cloud_policy": ["aws"],
}


def test_a_millisecond_is_met_inside_the_process_that_asks(kit: Kit, tmp_path: Path) -> None:
    found = plan(kit, tmp_path, {**BOTS, "latency_p99_ms": 1})
    assert found.feasible
    assert latency(found) < 1
    assert "score-in-process" in {f.id for f in found.findings}


def test_a_service_has_time_for_its_request(kit: Kit, tmp_path: Path) -> None:
    found = plan(kit, tmp_path, {**BOTS, "latency_p99_ms": 50})
    assert 2 < latency(found) < 50
    assert "score-in-process" not in {f.id for f in found.findings}


def test_nodes_of_four_train_together(kit: Kit, tmp_path: Path) -> None:
    """Many public clusters have four accelerators in a node."""
    cluster = {
        "problem_type": "llm_pretrain",
        "model_params_b": 7,
        "train_volume": 1e12,
        "train_hours_target": 2000,
        "cloud_policy": ["on_prem_only"],
        "existing_tools": ["slurm"],
        "onprem_gpus": "cluster",
        "owned_accelerator": "a100-sxm4-80gb",
        "owned_count": 512,
        "owned_per_machine": 4,
    }
    found = plan(kit, tmp_path, cluster)
    training = used(found, "training")
    assert (training.accelerator, training.nodes * 4) == ("a100-sxm4-80gb", training.count)
    assert found.decisions["training_pattern"].ids == ("multi_node",)


def test_billions_of_parameters_that_classify_write_little(kit: Kit, tmp_path: Path) -> None:
    """A tuned decoder is served by an engine for language models and answers with a label."""
    answers = {
        "problem_type": "nlp_understanding",
        "adaptation": "lora_finetune",
        "inference_mode": ["online"],
        "latency_p99_ms": 2000,
        "cloud_policy": ["aws"],
    }
    found = plan(kit, tmp_path, answers, model="mistral-7b-v0.3")
    assert found.feasible
    assert found.decisions["serving_engine"].ids == ("vllm",)


CAMPUS = {
    "problem_type": "vision",
    "cloud_policy": ["on_prem_only"],
    "onprem_gpus": "cluster",
    "owned_count": 60,
    "owned_per_machine": 4,
}


def test_what_keeps_the_machines_that_stand_from_work_is_said(kit: Kit, tmp_path: Path) -> None:
    found = plan(kit, tmp_path, {**CAMPUS, "owned_accelerator": "gaudi2"})
    limit = next(i for i in found.infeasible_because if i.id == "training_pattern")
    assert "needs a port" in limit.text


def test_cards_for_games_that_stand_in_servers_are_used_and_their_licence_settled(
    kit: Kit, tmp_path: Path
) -> None:
    found = plan(kit, tmp_path, {**CAMPUS, "owned_accelerator": "rtx3090"})
    assert found.decisions["training_accelerator"].ids == ("rtx3090",)
    assert any("driver licence" in f.text for f in found.findings)


def test_sound_is_worked_on_as_it_arrives(kit: Kit, tmp_path: Path) -> None:
    """A filter of calls answers within a frame; nobody waits for half a minute of sound."""
    calls = {
        "problem_type": "speech",
        "adaptation": "full_finetune",
        "model_params_b": 0.003,
        "inference_mode": ["edge_on_device"],
        "edge_constraints": ["always_online", "cpu_only"],
        "latency_p99_ms": 20,
    }
    found = plan(kit, tmp_path, calls)
    assert found.feasible
    assert latency(found) < 20


def test_simulators_are_counted_in_cores(kit: Kit, tmp_path: Path) -> None:
    """Two billion steps at 980 a second and core are 567 core-hours, on 24 cores in a day."""
    robot = {
        "problem_type": "reinforcement_simulation",
        "cloud_policy": ["aws"],
        "train_volume": 2e9,
        "train_hours_target": 24,
    }
    left_out = plan(kit, tmp_path, robot).cost.excluded[0]
    assert "237 core-hours as a robot" in left_out
    assert "567 as a video game (24 cores within the 24 h allowed)" in left_out


RANKING = {
    "problem_type": "recsys_ranking",
    "project_stage": "production",
    "cloud_policy": ["aws"],
    "inference_mode": ["online"],
    "peak_rps": 100,
}


@pytest.mark.parametrize(
    ("more", "counted"),
    [
        ({"data_volume_gb": 50}, True),
        ({"data_volume_gb": 500}, False),
        ({"data_volume_gb": 500, "inference_mode": ["batch"], "feature_freshness": "days"}, True),
        ({"data_volume_gb": 500, "inference_mode": ["batch"], "feature_freshness": "hours"}, False),
        ({"data_volume_gb": 50, "model_params_b": 1}, False),
        ({"data_volume_gb": 50, "retrain_cadence": "hourly_or_continuous"}, False),
        ({"data_volume_gb": 50, "data_modality": ["tables", "images"]}, False),
        ({}, False),
    ],
)
def test_rules_and_sizes_agree_on_which_rankings_are_counted(
    kit: Kit, tmp_path: Path, more: Answers, counted: bool
) -> None:
    """Few interactions and lists of yesterday take processors; others a net of embeddings."""
    found = plan(kit, tmp_path, {**RANKING, **more})
    classes = {
        str(dict(fact.fields).get("id"))
        for firing in found.trace
        for fact in firing.added
        if fact.type == "class"
    }
    assert ("counted_ranking" in classes) is counted
    assert used(found, "training").accelerator == "cpu" or not counted
    trees = found.decisions["training_framework"].ids[0] in ("xgboost", "sklearn")
    assert trees or not counted


def test_logs_of_tens_of_terabytes_train_a_wider_ranking(kit: Kit, tmp_path: Path) -> None:
    """The tables are read by a wider network where there is so much to learn from."""
    rows = {**RANKING, "train_volume": 1e10, "train_hours_target": 72}
    few = plan(kit, tmp_path, {**rows, "data_volume_gb": 49_000})
    many = plan(kit, tmp_path, {**rows, "data_volume_gb": 50_000})
    taken = [hours(p) * used(p, "training").count for p in (few, many)]
    assert taken[1] > 3 * taken[0]


@pytest.mark.parametrize(("stage", "most"), [("idea", 8), ("production", 40)])
def test_makers_of_pictures_are_asked_seldom(
    kit: Kit, tmp_path: Path, stage: str, most: int
) -> None:
    """A picture that is drawn is asked for by a person, as a text is; pictures to be read come
    from cameras and queues."""
    answers = {"problem_type": "vision", "vision_output": "pictures", "model_params_b": 14}
    trial = {**answers, "project_stage": stage, "inference_mode": ["online"]}
    assert used(plan(kit, tmp_path, trial), "serving").count <= most
