"""What the answers alone say of others that nobody gave."""

from __future__ import annotations

import pytest

from advisor.domain.answers import Answers, Source, Value
from advisor.planning.brief import GB_EACH, Brief, interpret
from advisor.planning.kit import Kit
from advisor.planning.workload import family_of


def brief_of(kit: Kit, **values: Value) -> Brief:
    return interpret(Answers(values, dict.fromkeys(values, Source.FILE)), kit.questions)


@pytest.mark.parametrize(
    ("problem", "read", "gigabytes"),
    [
        ("llm_pretrain", 1e12, 4000.0),
        ("vision", 1_400_000, 200.0),
        ("speech", 870, 100.0),
        ("tabular_prediction", 5e8, 100.0),
    ],
)
def test_the_data_of_a_run_say_how_much_there_are(
    kit: Kit, problem: str, read: float, gigabytes: float
) -> None:
    brief = brief_of(kit, problem_type=problem, train_volume=read)
    assert brief.number("data_volume_gb") == gigabytes
    assert brief.sources["data_volume_gb"] is Source.DEFAULT


def test_what_somebody_said_of_the_data_holds(kit: Kit) -> None:
    brief = brief_of(kit, problem_type="llm_pretrain", train_volume=1e12, data_volume_gb=9)
    assert brief.number("data_volume_gb") == 9


def test_units_are_turned_as_the_policy_turns_them_back(kit: Kit) -> None:
    units = {"tokens": "token", "images": "image", "hours": "audio_hour", "rows": "row"}
    assert GB_EACH.keys() == units.keys()
    for unit, name in units.items():
        assert GB_EACH[unit] * kit.number(f"per_gb.{name}") == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("modality", "family"),
    [(("images",), "vision"), (("text", "images"), "vision"), (("text",), "encoder")],
)
def test_a_search_over_pictures_is_sized_by_what_reads_pictures(
    kit: Kit, modality: tuple[str, ...], family: str
) -> None:
    brief = brief_of(kit, problem_type="embedding_search", data_modality=modality)
    assert family_of(brief, "rag", kit.number) == family
