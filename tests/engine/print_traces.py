"""Print the traces of random programs, with rules and facts in the order of an argument.

Run in processes of their own: the output must be the same under every hash seed and order.
"""

from __future__ import annotations

import sys

from advisor.engine.compile import Program
from advisor.engine.session import Session
from tests.engine.compact import STAGES
from tests.engine.random_rules import generator, random_facts, random_program
from tests.engine.test_incremental import Line


def main() -> None:
    shuffle = generator(int(sys.argv[1]))
    for seed in range(12):
        rng = generator(seed)
        rules, _ = random_program(rng, 40)
        facts = random_facts(rng, 60, staged=False)
        shuffle.shuffle(rules)
        shuffle.shuffle(facts)
        program = Program(rules, STAGES, facts[:20])
        for matcher in ("hash", "rete") if seed < 2 else ("hash",):
            session = Session(program, matcher)
            session.give(facts)
            for firings, found in Line(session).run():
                print(seed, firings, found)  # noqa: T201


if __name__ == "__main__":
    main()
