"""Taking a term out shows in the error of what the term explains."""

from __future__ import annotations

import csv
from fnmatch import fnmatch

import pytest

from advisor.analysis import ablation
from advisor.analysis.ablation import PRIORS_ALONE, TERMS, Worth, table, worths
from advisor.analysis.estimate_table import Estimators
from advisor.library.locate import library_root

ESTIMATORS = Estimators.built_in()


def shipped_rows() -> list[dict[str, str]]:
    """Return the shipped rows of three sources: each refit leaves two."""
    path = library_root() / "knowledge/evidence/training.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        found = csv.DictReader(stream)
        return [r for r in found if r["source_id"] in ("llm-foundry", "dgxc-bench", "internevo")]


def test_slower_attention_is_worth_its_constants(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it long sequences come out too fast."""
    kept = {name: TERMS[name] for name in ("nothing: all terms", "attention slower than matrices")}
    monkeypatch.setattr(ablation, "TERMS", kept)
    whole, without, priors = worths(shipped_rows(), ESTIMATORS)
    assert whole.n == without.n == priors.n > 20
    assert without.macro > 1.1 * whole.macro
    assert priors.term == PRIORS_ALONE


def test_every_term_names_constants_that_exist() -> None:
    known = ESTIMATORS.training_constants.values
    patterns = [pattern for neutral in TERMS.values() for pattern in neutral]
    assert all(any(fnmatch(name, pattern) for name in known) for pattern in patterns)


def test_the_table_has_a_line_for_each_term() -> None:
    assert "| launch floor | 9 | 10.0 % | 20.0 % | 15.0 % |" in table(
        [Worth("launch floor", 9, 0.1, 0.2, 0.15)]
    )
