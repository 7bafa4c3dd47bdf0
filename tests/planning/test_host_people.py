"""The people that a host takes: less where it is run already, more where machines lie below it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from advisor.advise import advise
from advisor.library.answers import read_answers
from advisor.planning.host_estimates import people_month, premium_of
from advisor.planning.kit import Kit
from advisor.planning.line import Line

ON_SITE = {"problem_type": "forecasting", "cloud_policy": ["on_prem_only"], "platform_staff": 1}
CLUSTER = {**ON_SITE, "existing_tools": ["kubernetes_gitops"]}
OWNED = {**ON_SITE, "onprem_gpus": "few_servers"}
DESK = {**ON_SITE, "onprem_gpus": "workstations"}


def month(kit: Kit, folder: Path, answers: dict[str, object], host: str) -> Decimal:
    path = folder / "answers.yaml"
    path.write_text(yaml.safe_dump({"answers": answers}), encoding="utf-8")
    line = Line(kit)
    advise(read_answers(path, kit.questions, kit.shapes.keys()), line, "2026-11-22")
    return people_month(line, host)


def share(kit: Kit, people: float) -> Decimal:
    return Decimal(str(people)) * Decimal(str(kit.number("cost.staff_usd_year"))) / 12


@pytest.mark.parametrize(
    ("answers", "host", "people"),
    [
        (ON_SITE, "own_hardware", 0.1),
        (ON_SITE, "slurm", 0.6),
        (ON_SITE, "kubernetes", 0.6),
        (CLUSTER, "kubernetes", 0.04),
        (OWNED, "own_hardware", 0.04),
        (DESK, "own_hardware", 0.0024),
        ({"problem_type": "forecasting", "cloud_policy": ["aws"]}, "kubernetes", 0.5),
    ],
)
def test_people_of_a_host(
    kit: Kit, tmp_path: Path, answers: dict[str, object], host: str, people: float
) -> None:
    assert month(kit, tmp_path, answers, host) == pytest.approx(share(kit, people))


def test_a_managed_form_costs_what_its_provider_asks(kit: Kit) -> None:
    line = Line(kit)
    assert premium_of(line, "managed_ml", "azure") == 1
    assert premium_of(line, "managed_ml", "aws") > 1
    assert premium_of(line, "managed_ml", "a-pack") == Decimal(
        str(kit.number("premium.managed_ml"))
    )
    assert premium_of(line, "vms", "aws") == 1


def test_one_server_with_accelerators_takes_a_tenth_of_a_person(kit: Kit, tmp_path: Path) -> None:
    answers = {**ON_SITE, "problem_type": "vision", "adaptation": "full_finetune"}
    assert month(kit, tmp_path, answers, "own_hardware") == pytest.approx(share(kit, 0.1))


def test_a_cluster_that_is_run_takes_its_share_of_a_person(kit: Kit, tmp_path: Path) -> None:
    answers = {**ON_SITE, "problem_type": "vision", "onprem_gpus": "cluster"}
    known = kit.number("host_effort_share.run_already")
    assert month(kit, tmp_path, answers, "own_hardware") == pytest.approx(share(kit, known))
