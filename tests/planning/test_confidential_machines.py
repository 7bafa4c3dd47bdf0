"""Processors whose memory their operator cannot read: taken where that is asked, and only there."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.planning.kit import Kit
from tests.planning.test_stated_sizes import plan, used

SCORES = {
    "problem_type": "tabular_prediction",
    "project_stage": "production",
    "inference_mode": ["online"],
    "consumers": ["other_systems"],
}


@pytest.mark.parametrize(
    ("cloud", "family"), [("aws", "m6a"), ("azure", "Standard_DC"), ("gcp", "n2d")]
)
def test_what_operators_must_not_see_is_computed_on_confidential_machines(
    kit: Kit, tmp_path: Path, cloud: str, family: str
) -> None:
    hidden = {**SCORES, "cloud_policy": [cloud], "isolation": "operator_must_not_see_data"}
    found = plan(kit, tmp_path, hidden)
    assert used(found, "serving").instance.startswith(family)
    assert used(found, "training").instance.startswith((family, "r6a"))


def test_nobody_else_pays_for_them(kit: Kit, tmp_path: Path) -> None:
    confidential = {o.instance_type for o in kit.library.offers.values() if o.confidential}
    found = plan(kit, tmp_path, {**SCORES, "cloud_policy": ["aws"], "isolation": "private_network"})
    assert used(found, "serving").instance not in confidential
    assert used(found, "training").instance not in confidential
