"""Taking a term out shows in the error of what the term explains."""

from __future__ import annotations

import csv
from fnmatch import fnmatch

import pytest

from advisor.analysis import ablation
from advisor.analysis.ablation import (
    LANGUAGE_TERMS,
    NETWORK_TERMS,
    NOTHING,
    PRIORS_ALONE,
    TOKENS,
    TRAINING_TERMS,
    Worth,
    table,
    worths,
)
from advisor.analysis.estimate_table import TRAINING, Estimators
from advisor.library.locate import library_root

ESTIMATORS = Estimators.built_in()


def shipped_rows(name: str, *sources: str) -> list[dict[str, str]]:
    """Return the shipped rows of a few sources."""
    path = library_root() / f"knowledge/evidence/{name}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        found = csv.DictReader(stream)
        return [r for r in found if (r.get("source_id") or r.get("source", ""))[:9] in sources]


def test_slower_attention_is_worth_its_constants(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it long sequences come out too fast."""
    kept = {name: TRAINING_TERMS[name] for name in (NOTHING, "attention slower than matrices")}
    monkeypatch.setattr(ablation, "TRAINING_TERMS", kept)
    rows = shipped_rows("training", "llm-found", "dgxc-benc", "internevo")
    whole, without, priors = worths(rows, TRAINING, ESTIMATORS)
    assert whole.n == without.n == priors.n > 20
    assert without.macro > 1.1 * whole.macro
    assert priors.term == PRIORS_ALONE


def test_the_time_per_layer_is_worth_its_constants(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it single streams come out too fast."""
    kept = {name: LANGUAGE_TERMS[name] for name in (NOTHING, "time per layer")}
    monkeypatch.setattr(ablation, "LANGUAGE_TERMS", kept)
    rows = shipped_rows("inference", "Qwen2.5 d", "AutoAWQ", "TinyChat ")
    found = [one for one in worths(rows, "inference", ESTIMATORS) if one.group == "decode, fused"]
    whole, without, priors = found
    assert whole.n == without.n == priors.n > 10
    assert without.macro > 1.3 * whole.macro


def test_every_term_names_constants_that_exist() -> None:
    known = (
        ESTIMATORS.training_constants.values,
        ESTIMATORS.inference.constants.values,
        ESTIMATORS.inference.constants.values,
    )
    for values, terms in zip(known, (TRAINING_TERMS, LANGUAGE_TERMS, NETWORK_TERMS), strict=True):
        patterns = [p for term in terms.values() for p in (*term.fixed, *term.dropped)]
        assert all(any(fnmatch(name, pattern) for name in values) for pattern in patterns)


def test_the_table_has_a_line_for_each_term_and_a_column_for_each_figure() -> None:
    found = [Worth(TOKENS, "launch floor", 9, 0.1, 0.2, 0.15)]
    found += [Worth(group, "time per layer", 7, 0.1, 0.2, 0.3) for group in ("a", "b")]
    text = table(found)
    assert "| without | LLM tokens/s (9) |" in text
    assert "| launch floor | 10.0 / 20.0 / 15.0 |" in text
    assert "| time per layer | 10.0 / 20.0 / 30.0 | 10.0 / 20.0 / 30.0 |" in text
