"""The same input gives the same bytes, whatever the hash seed and the order of files."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from dataclasses import replace

from advisor.advise import advise
from advisor.analysis.random_answers import random_answers
from advisor.library.load import load_library
from advisor.planning.kit import Kit
from advisor.planning.line import Line

SCENARIO = "tests/scenarios/recommender-20k.yaml"


def _bytes(seed: int) -> bytes:
    command = [
        sys.executable,
        "-m",
        "advisor",
        "recommend",
        SCENARIO,
        "--json",
        "--as-of",
        "2026-11-22",
    ]
    environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
    return subprocess.run(command, env=environment, capture_output=True, check=True).stdout


def test_eight_hash_seeds_give_the_same_bytes() -> None:
    first = _bytes(0)
    assert len(first) > 10_000
    for seed in range(1, 8):
        assert _bytes(seed) == first


def test_the_order_of_the_rules_does_not_matter() -> None:
    library = load_library()
    mixed = list(library.rules)
    random.Random(7).shuffle(mixed)
    plain, shuffled = Kit(library), Kit(replace(library, rules=tuple(mixed)))
    for seed in range(3):
        answers = random_answers(seed, plain.questions, plain.shapes)
        here = advise(answers, Line(plain), "2026-11-22")
        there = advise(answers, Line(shuffled), "2026-11-22")
        assert here == there
