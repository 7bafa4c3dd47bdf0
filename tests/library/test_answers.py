"""Answers files: what is accepted, what is refused, and that every problem comes at once."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.domain.answers import UNKNOWN, Answers, Source
from advisor.domain.questions import Option, Question, Unknown
from advisor.errors import InputError
from advisor.library.answer_values import checked, from_text
from advisor.library.answers import parse_answers, read_answers, settled
from advisor.library.locate import library_root
from advisor.library.questions import parse as parse_questions
from advisor.library.records import read_folder


def question(id_: str, type_: str, *options: str, **fields: Any) -> Question:
    return Question(
        id=id_,
        section="goal",
        order=1,
        text="?",
        help="",
        find_out="",
        why="",
        type=type_,
        depth="quick",
        effort=1,
        unknown=Unknown("n"),
        options=tuple(Option(o.strip("!"), o, alone=o.endswith("!")) for o in options),
        **fields,
    )


QUESTIONS = (
    question("sector", "multi", "healthcare", "bank", "none!"),
    question("lifetime", "single", "one_off", "indefinite"),
    question("availability_slo", "single", "best_effort", "99", "99.9"),
    question("peak_rps", "number", unit="requests/s", hard_minimum=0, minimum=0.001, maximum=1e6),
    question("gpu_utilisation", "number", hard_minimum=0, hard_maximum=100),
    question("n_models", "number", hard_minimum=1, integer=True, minimum=1, maximum=100),
    question("tokens_in_out", "pair", hard_minimum=0),
    question("priorities", "ranking", "cost", "security", "balanced"),
)
MODELS = {"llama-3-8b", "qwen-7b"}


def answers(**values: Any) -> Answers:
    return parse_answers(json.dumps({"answers": values}).encode(), "a.json", QUESTIONS, MODELS)


def refusal(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        parse_answers(text.encode(), "a.yaml", QUESTIONS, MODELS)
    return str(caught.value).splitlines()


def test_answers_come_in_the_order_of_the_questions_and_know_their_source() -> None:
    found = answers(peak_rps=5, sector=["bank", "healthcare"], lifetime="unknown")
    assert list(found.values.items()) == [
        ("sector", ("healthcare", "bank")),
        ("lifetime", UNKNOWN),
        ("peak_rps", 5),
    ]
    assert set(found.sources.values()) == {Source.FILE}
    assert found.warnings == ()


def test_a_bare_mapping_is_read_like_one_under_answers() -> None:
    found = parse_answers(b"peak_rps: 5\nmodel: qwen-7b\n", "a", QUESTIONS, MODELS)
    assert (found.values, found.model) == ({"peak_rps": 5}, "qwen-7b")


@pytest.mark.parametrize("said", [99.9, "99.9", "99.90"])
def test_an_option_that_looks_like_a_number_may_be_one(said: object) -> None:
    assert answers(availability_slo=said).values == {"availability_slo": "99.9"}


def test_a_whole_number_means_the_option_without_a_point() -> None:
    assert answers(availability_slo=99).values == answers(availability_slo=99.0).values


def test_pairs_rankings_and_single_words_for_lists_are_taken() -> None:
    found = answers(tokens_in_out=[2000, 300], priorities=["security", "cost"], sector="bank")
    assert found.values == {
        "sector": ("bank",),
        "tokens_in_out": (2000, 300),
        "priorities": ("security", "cost"),
    }
    assert answers(priorities="balanced").values == {"priorities": ("balanced",)}


def test_an_empty_list_means_none_where_none_is_an_option() -> None:
    assert answers(sector=[]).values == {"sector": ("none",)}


def test_the_usual_range_is_soft_and_said() -> None:
    found = answers(peak_rps=2_000_000, n_models=2.5)
    assert found.values == {"peak_rps": 2_000_000, "n_models": 2.5}
    assert [str(w) for w in found.warnings] == [
        "a.json:1:14: W301: answers.peak_rps: 2,000,000 requests/s is outside the usual range "
        "0.001 to 1,000,000; used as it is",
        "a.json:1:35: W301: answers.n_models: 2.5 is not a whole number; used as it is",
    ]


def test_an_option_that_excludes_others_gives_way_with_a_warning() -> None:
    found = answers(sector=["none", "bank"])
    assert found.values == {"sector": ("bank",)}
    assert "' excludes other options and is left out" in str(found.warnings[0])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("peak_rsp: 5", "a.yaml:1:1: E302: peak_rsp: no question 'peak_rsp'; did you mean"),
        ("peak_rps: -5", "a.yaml:1:1: E301: peak_rps: -5 is negative; write a number from 0"),
        ("peak_rps: '5'", "'5' is text; write a number of requests/s"),
        ("peak_rps: true", "true is not a number"),
        ("peak_rps: [5]", "[5] is not a number"),
        ("peak_rps:", "nothing is written; give an answer or 'unknown'"),
        ("peak_rps: .inf", "E300: peak_rps: .inf is not a finite number"),
        ("gpu_utilisation: 101", "101 is above 100; correct it or write 'unknown'"),
        ("n_models: 0", "0 is below 1; correct it or write 'unknown'"),
        ("lifetime: for_ever", "'for_ever' is not an option; use one of indefinite, one_off"),
        ("lifetime: indefinit", "did you mean 'indefinite'?"),
        ("lifetime: [one_off]", '["one_off"] is a list; this question takes one option'),
        ("lifetime: {a: 1}", "is not an option"),
        ("availability_slo: 99.8", "99.8 is not an option"),
        ("availability_slo: true", "true is not an option"),
        ("sector: [bank, helthcare]", "did you mean 'healthcare'?"),
        ("tokens_in_out: 5", "5 is not a pair; write two numbers, such as [2000, 300]"),
        ("tokens_in_out: [1, -1]", "-1 is negative"),
        ("priorities: [cost, cost]", "names something twice"),
        ("priorities: [cost, balanced]", "' stands alone; drop it or drop the ranking"),
        ("priorities: []", "the list is empty"),
        ("model: llama-3-8", "no model 'llama-3-8' and no path of a config.json; did you mean"),
        ("model: 8", "8 is no model; write an id or a path"),
        ("- peak_rps", '["peak_rps"] is no mapping; write question: answer'),
        ("answers: 5", "a.yaml:1:1: E301: answers: 5 is no mapping"),
        ("answers: {}\npeak_rps: 5", "E302: peak_rps: unknown field 'peak_rps'; move it under"),
        ("answers: {}\nexpects: {}", "unknown field 'expects'; did you mean 'expect'?"),
    ],
)
def test_what_cannot_be_an_answer_is_refused_in_one_line(line: str, said: str) -> None:
    lines = refusal(line)
    assert len(lines) == 1
    assert said in lines[0]


def test_all_problems_of_an_answers_file_come_at_once() -> None:
    assert len(refusal("peak_rps: -5\nlifetime: x\nnobody: 1\nmodel: y\n")) == 4


def test_several_wrong_options_of_one_answer_are_all_named() -> None:
    lines = refusal("sector: [bnak, helthcare, bank]")
    assert "'bnak' is not an option; did you mean 'bank'?" in lines[0]
    assert "'helthcare' is not an option; did you mean 'healthcare'?" in lines[0]


def test_a_model_may_be_a_configuration_beside_the_file(tmp_path: Path) -> None:
    config = {
        "model_type": "llama",
        "hidden_size": 64,
        "num_hidden_layers": 2,
        "vocab_size": 100,
        "num_attention_heads": 4,
        "intermediate_size": 128,
    }
    (tmp_path / "config.json").write_text(json.dumps(config))
    path = tmp_path / "a.yaml"
    path.write_text("answers: {peak_rps: 1}\nmodel: config.json\n")
    found = read_answers(path, QUESTIONS, MODELS)
    assert found.model == ""
    assert found.shape is not None
    # embedding and head 2 x 6400; a layer: attention 4 x 64 x 64, three matrices of 64 x 128,
    # two norms of 64; one norm at the end
    assert found.shape.params == 2 * 6400 + 2 * (4 * 64 * 64 + 3 * 64 * 128 + 2 * 64) + 64


def test_a_broken_configuration_is_named_with_its_file(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("answers: {peak_rps: -1}\nmodel: sub/config.json\n")
    with pytest.raises(InputError) as caught:
        read_answers(path, QUESTIONS, MODELS)
    assert "config.json" in str(caught.value)
    assert "peak_rps" in str(caught.value)


def test_expectations_are_no_answers(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("answers: {peak_rps: 1}\nexpect: {orchestrator: cron}\n")
    assert read_answers(path, QUESTIONS, MODELS).values == {"peak_rps": 1}


def test_changes_replace_answers_and_are_checked_alike() -> None:
    base = answers(peak_rps=5, lifetime="one_off")
    changed = settled(base, QUESTIONS, {"peak_rps": 7})
    assert changed.values == {"lifetime": "one_off", "peak_rps": 7}
    assert changed.sources["peak_rps"] is Source.GIVEN
    with pytest.raises(InputError, match="--set: E301: peak_rps: -1 is negative"):
        settled(base, QUESTIONS, {"peak_rps": -1})


@pytest.mark.parametrize(
    ("id_", "text", "value"),
    [
        ("peak_rps", "5.5", 5.5),
        ("peak_rps", "7", 7),
        ("lifetime", " one_off ", "one_off"),
        ("sector", "bank, healthcare", ["bank", "healthcare"]),
        ("tokens_in_out", "[1, 2]", [1, 2]),
        ("peak_rps", "unknown", "unknown"),
    ],
)
def test_texts_of_the_command_line_become_answers(id_: str, text: str, value: Any) -> None:
    asked = next(q for q in QUESTIONS if q.id == id_)
    assert from_text(asked, text) == value


REAL = parse_questions(read_folder(library_root() / "knowledge" / "questions", "questions"))
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=4,
)


@given(st.sampled_from(REAL), ANYTHING)
def test_any_value_is_an_answer_or_refused_with_a_sentence(asked: Question, value: Any) -> None:
    refused = ""
    try:
        found, _ = checked(asked, value)
        assert not isinstance(found, float) or math.isfinite(found)
    except ValueError as error:
        refused = str(error)
    assert not refused or ";" in refused


@pytest.mark.parametrize(
    "path", sorted((library_root() / "tests" / "scenarios").glob("*.yaml")), ids=lambda p: p.stem
)
def test_every_scenario_is_a_valid_answers_file(path: Path) -> None:
    from advisor.library.models import load_models

    models = load_models(library_root() / "knowledge" / "models")
    assert read_answers(path, REAL, models).values
