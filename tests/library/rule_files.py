"""A rule file and a vocabulary small enough to see what each test changes."""

from __future__ import annotations

import copy
import json
from typing import Any

from advisor.domain.rule import RuleSpec
from advisor.errors import LibraryError, Problem
from advisor.library import schema, yamlfile
from advisor.library.patterns import Words
from advisor.library.rulebook import read_rules
from advisor.library.vocabulary import Vocabulary, with_union
from advisor.library.yamlfile import Ids

IDS = Ids("E100", LibraryError)
PATH = "rules/compliance/hipaa.yaml"

VOCABULARY = Vocabulary(
    words={
        "question": frozenset({"peak_rps", "sector", "availability_slo"}),
        "decision": frozenset({"monitoring", "vector_db"}),
        "class": frozenset({"small_team"}),
        "need": frozenset({"baa"}),
        "duty": frozenset({"hipaa"}),
        "practice": frozenset({"baa"}),
        "control": frozenset({"agreement"}),
        "clause": frozenset({"HIPAA-1"}),
        "quantity": frozenset({"requests_per_month"}),
        "trait": frozenset({"provides"}),
    },
    options={
        "peak_rps": frozenset(),
        "sector": frozenset({"healthcare", "other"}),
        "availability_slo": frozenset({"best_effort", "99.9"}),
    },
    candidates={
        "monitoring": frozenset({"none", "grafana"}),
        "vector_db": frozenset({"none", "pgvector"}),
    },
    attributes=with_union(
        {
            "monitoring": {
                "deployment": frozenset({"managed", "self_hosted"}),
                "min_team": frozenset(),
            },
            "vector_db": {
                "deployment": frozenset({"managed", "library"}),
                "index": frozenset({"hnsw"}),
            },
        }
    ),
    trait_values={"provides": frozenset({"baa"})},
)
WORDS = Words({"serving.min_batch": 4, "clouds.big": ("aws", "gcp")}, VOCABULARY)

RULE: dict[str, Any] = {
    "id": "COMP-012",
    "title": "Patient records stay with vendors that sign an agreement",
    "strength": "must",
    "when": [
        {"duty": {"id": "hipaa"}},
        {"candidate": {"decision": "$d", "id": "$c", "deployment": "managed"}},
    ],
    "none": [{"trait": {"candidate": "$c", "name": "provides", "value": "baa"}}],
    "then": [{"exclude": {"decision": "$d", "candidate": "$c"}}, {"need": {"id": "baa"}}],
    "because": "{c} for {d} is run by a vendor without an agreement.",
    "rationale": "Why this is true, for the reviewer.",
    "references": [
        {
            "title": "45 CFR 164.308(b)",
            "locator": "(b)(1)",
            "as_of": "2026-08",
            "supports": "written contract",
            "evidence": "recalled",
        }
    ],
    "reviewed": "2026-11-22",
    "cases": [
        {
            "name": "a managed tool without an agreement is excluded",
            "given": [
                {"duty": {"id": "hipaa"}},
                {"candidate": {"decision": "monitoring", "id": "tool-x", "deployment": "managed"}},
            ],
            "fires": [{"d": "monitoring", "c": "tool-x"}],
        },
        {
            "name": "with an agreement it stays",
            "given": [
                {"duty": {"id": "hipaa"}},
                {"candidate": {"decision": "monitoring", "id": "tool-x", "deployment": "managed"}},
                {
                    "trait": {
                        "decision": "monitoring",
                        "candidate": "tool-x",
                        "name": "provides",
                        "value": "baa",
                    }
                },
            ],
            "fires": [],
        },
    ],
}


def rule(**changes: Any) -> dict[str, Any]:
    """Return the rule with fields replaced, dropped where the change is None."""
    changed = {**copy.deepcopy(RULE), **changes}
    return {key: value for key, value in changed.items() if value is not None}


def without_cases(**changes: Any) -> dict[str, Any]:
    """Return the rule with changes that its cases know nothing about."""
    silent = {"name": "nothing is given", "given": [], "fires": []}
    return rule(
        **{
            "none": [],
            "because": "It is so in this test.",
            "cases": [silent, silent],
            "then": [{"need": {"id": "baa"}}],
            **changes,
        }
    )


def text_of(*rules: dict[str, Any]) -> str:
    """Return the file that holds the rules."""
    return json.dumps({"topic": "a topic", "rules": list(rules)}, indent=1)


def read(*rules: dict[str, Any]) -> tuple[list[RuleSpec], list[Problem]]:
    """Return the rules and every problem, as the library reads them."""
    document = yamlfile.parse(text_of(*rules).encode(), IDS, PATH)
    if problems := schema.check(document, "rules"):
        return [], problems
    return read_rules(document, WORDS)


def said(*rules: dict[str, Any]) -> str:
    """Return what is wrong with the rules, one line each."""
    return "\n".join(map(str, read(*rules)[1]))
