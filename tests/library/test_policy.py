"""Policy and practices: values with a source, ids that nobody renames."""

from __future__ import annotations

from advisor.library import policy
from advisor.library.locate import library_root
from advisor.library.records import read_files
from advisor.library.yamlfile import Document

KNOWLEDGE = library_root() / "knowledge"
PRACTICES = (
    "gang_scheduling checkpointing async_checkpoint auto_recovery spares spot quota preemption "
    "autoscaling scale_to_zero queue prefix_cache quantisation fp8 multi_lora tensor_parallel "
    "pipeline_parallel expert_parallel sharded_optimizer fast_fabric parallel_fs shared_cache mig "
    "streaming online_feature_store offline_feature_store registry versioning backfill "
    "drift_monitoring canary shadow human_review bias_check guardrails gateway de_identification "
    "audit_log private_network external_keys air_gap baa hybrid_split fleet_update multi_cloud "
    "portable_stack self_hosting reuse_existing distributed_processing parallel_tuning "
    "profile_first"
)


def test_no_practice_was_renamed_or_dropped() -> None:
    found = policy.parse_practices(read_files([KNOWLEDGE / "practices.yaml"], "practices"))
    assert not set(PRACTICES.split()) - set(found)


def test_parameters_are_read_by_group_and_name() -> None:
    found = policy.load_policy(KNOWLEDGE)
    assert found.number("cost_tolerance_pct.should") > found.number("cost_tolerance_pct.could")
    assert found.values()["data.single_node_gb"] == 100


def test_every_parameter_has_a_source_and_its_value_inside_its_range() -> None:
    for parameter in policy.load_policy(KNOWLEDGE).parameters.values():
        assert parameter.provenance.source[0]
        if parameter.low is not None and parameter.high is not None:
            assert parameter.low <= float(parameter.value) <= parameter.high, parameter.id


def test_a_pack_may_set_a_value_of_its_own() -> None:
    base = read_files([KNOWLEDGE / "policy.yaml"], "policy")
    row = {
        "value": 20,
        "unit": "percent",
        "meaning": "m",
        "source": "house policy",
        "as_of": "2026-11",
        "evidence": "read",
    }
    pack = Document("pack.yaml", {"cost_tolerance_pct": {"should": row}})
    assert policy.parse([*base, pack]).number("cost_tolerance_pct.should") == 20
