"""Decisions and vocabulary: the contract's ids, each once, in the order of settling."""

from __future__ import annotations

from advisor.library import decisions
from advisor.library.locate import library_root
from advisor.library.yamlfile import Document

KNOWLEDGE = library_root() / "knowledge"
CONTRACT = """
approach adaptation training_pattern training_host serving_pattern serving_host
training_accelerator serving_accelerator orchestrator job_scheduler compute_runtime data_sources
data_storage data_pipeline data_versioning data_quality labelling feature_store vector_db
training_framework tuning experiment_tracking model_registry serving_engine llm_application
monitoring ci_cd security networking
"""
ADDED = ["hosted_service"]
"""Decisions that came later: whose service is called, which the pattern alone does not say."""


def test_every_decision_of_the_contract_is_made_once() -> None:
    found = [d.id for stage in decisions.load_stages(KNOWLEDGE) for d in stage.decisions]
    assert sorted(found) == sorted([*CONTRACT.split(), *ADDED])


def test_every_single_choice_can_be_none_except_the_approach() -> None:
    for stage in decisions.load_stages(KNOWLEDGE):
        for decision in stage.decisions:
            if not decision.is_list and decision.id != "approach":
                assert "none" in [option.id for option in decision.options], decision.id


def test_slots_ask_for_needs_of_the_vocabulary() -> None:
    words = decisions.load_words(KNOWLEDGE)
    asked = {
        slot.need
        for stage in decisions.load_stages(KNOWLEDGE)
        for decision in stage.decisions
        for slot in decision.slots
        if slot.need
    }
    assert asked
    assert not asked - set(words.needs)


def test_lists_of_an_option_become_traits_and_the_rest_attributes() -> None:
    option = {"id": "x", "name": "X", "min_team": 1, "clouds": ["aws", "gcp"]}
    decision = {"id": "d", "name": "D", "options": [option]}
    document = Document("d.yaml", {"stages": [{"id": "s", "name": "S", "decisions": [decision]}]})
    found = decisions.parse([document])[0].decisions[0].options[0]
    assert found.attributes == {"min_team": 1}
    assert found.traits == {"clouds": ("aws", "gcp")}


def test_a_pack_adds_words_to_the_vocabulary() -> None:
    own = Document("a.yaml", {"classes": {"b": "B"}, "needs": {}, "duties": {}})
    pack = Document("b.yaml", {"classes": {"a": "A"}, "needs": {}, "duties": {}})
    assert list(decisions.parse_words([own, pack]).classes) == ["a", "b"]
