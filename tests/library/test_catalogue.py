"""Components and orchestrators: every entry fills a decision and names only known words."""

from __future__ import annotations

from typing import Any

import pytest

from advisor.domain.components import Component
from advisor.errors import LibraryError
from advisor.library import components, decisions, questions
from advisor.library.components import Key
from advisor.library.locate import library_root
from advisor.library.records import read_folder
from advisor.library.yamlfile import Document

KNOWLEDGE = library_root() / "knowledge"


@pytest.fixture(scope="module")
def documents() -> tuple[Document, ...]:
    return (
        *read_folder(KNOWLEDGE / "components", "components"),
        *read_folder(KNOWLEDGE / "orchestrators", "orchestrators"),
    )


@pytest.fixture(scope="module")
def catalogue(documents: tuple[Document, ...]) -> dict[Key, Component]:
    return components.parse(documents)


def problems(documents: tuple[Document, ...]) -> list[str]:
    asked = questions.parse(read_folder(KNOWLEDGE / "questions", "questions"))
    found = components.reference_problems(
        documents, decisions.load_stages(KNOWLEDGE), decisions.load_words(KNOWLEDGE), asked
    )
    return [str(problem) for problem in found]


def entry(**fields: Any) -> dict[str, Any]:
    base = {
        "id": "x",
        "name": "X",
        "decision": "vector_db",
        "status": "active",
        "licence": "MIT",
        "licence_class": "permissive",
        "deployment": "both",
        "kubernetes": "none",
        "min_team": 0,
        "air_gap": "yes",
        "clouds": ["any"],
        "source": "s",
        "evidence": "recalled",
        "as_of": "2026-08",
    }
    return {**base, **fields}


def test_every_word_of_the_catalogue_is_known(documents: tuple[Document, ...]) -> None:
    assert problems(documents) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"choose_when": ["small_corpsu"]}, "did you mean 'small_corpus'?"),
        ({"provides": ["vector_serach"]}, "did you mean 'vector_search'?"),
        ({"tools": ["postgers"]}, "did you mean 'postgres'?"),
        ({"decision": "vector_bd"}, "did you mean 'vector_db'?"),
        ({"decision": "monitoring", "slot": "drfit"}, "did you mean 'drift'?"),
        ({"successor": "x"}, "an active product has no successor"),
    ],
)
def test_a_wrong_word_is_refused_with_the_nearest(fields: dict[str, Any], said: str) -> None:
    document = Document("c.yaml", {"components": [entry(**fields)]})
    assert any(said in problem for problem in problems((document,)))


def test_an_entry_that_stands_twice_for_a_decision_is_refused() -> None:
    with pytest.raises(LibraryError, match="stands twice"):
        components.parse([Document("c.yaml", {"components": [entry(), entry()]})])


def test_what_is_not_kept_up_says_so_and_mostly_names_a_successor(
    catalogue: dict[Key, Component],
) -> None:
    retired = [c for c in catalogue.values() if c.status != "active"]
    assert len(retired) >= 8
    assert all(component.status_note for component in retired)
    assert all(component.successor for component in retired)


def test_every_successor_is_itself_active(catalogue: dict[Key, Component]) -> None:
    active = {c.id for c in catalogue.values() if c.status == "active"}
    assert {c.successor for c in catalogue.values() if c.successor} <= active


def test_every_slot_and_catalogue_decision_can_be_filled_on_own_premises(
    catalogue: dict[Key, Component],
) -> None:
    offline = {
        (c.decision, c.slot)
        for c in catalogue.values()
        if c.status == "active" and c.attributes["air_gap"] == "yes"
    }
    for stage in decisions.load_stages(KNOWLEDGE):
        for decision in stage.decisions:
            if decision.id == "hosted_service":
                continue  # somebody else's service never runs there; doing without fills it
            if decision.catalogue in ("components", "orchestrators"):
                slots = [slot.id for slot in decision.slots] or [""]
                for slot in slots:
                    assert (decision.id, slot) in offline, (decision.id, slot)


def test_a_slot_with_a_need_is_filled_by_entries_that_provide_it(
    catalogue: dict[Key, Component],
) -> None:
    needs = {
        (decision.id, slot.id): slot.need
        for stage in decisions.load_stages(KNOWLEDGE)
        for decision in stage.decisions
        for slot in decision.slots
        if slot.need
    }
    for component in catalogue.values():
        need = needs.get((component.decision, component.slot))
        if need:
            assert need in component.traits["provides"], component.id


def test_features_of_an_orchestrator_are_attributes_and_their_wording_is_kept(
    catalogue: dict[Key, Component],
) -> None:
    airflow = catalogue["orchestrator", "airflow3"]
    assert airflow.attributes["backfill_runs"] == "yes"
    assert airflow.texts["lineage"] == "OpenLineage provider"
    assert airflow.attributes["multi_node_gang"] == "no"


def test_all_orchestrators_of_the_contract_stand_in_their_decision(
    catalogue: dict[Key, Component],
) -> None:
    schedulers = {"kueue", "volcano", "kai", "yunikorn", "slurm", "aws-batch"}
    assert {c.id for c in catalogue.values() if c.decision == "job_scheduler"} == schedulers
    runtimes = {c.id for c in catalogue.values() if c.decision == "compute_runtime"}
    assert runtimes == {"ray", "spark", "dask"}
    assert {"cron", "gha"} <= {c.id for c in catalogue.values() if c.decision == "orchestrator"}
