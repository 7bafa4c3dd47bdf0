"""experta is imported through one gate, which leaves no trace of what it repairs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from advisor.engine import _experta as experta

ROOT = Path(__file__).resolve().parents[2]


def in_new_process(code: str, *path: Path) -> str:
    """Return what the code prints in a fresh interpreter that turns warnings into errors."""
    search = os.pathsep.join(str(entry) for entry in (*path, ROOT))
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": search},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_gate_leaves_no_handler_on_the_root_logger() -> None:
    code = "import logging, advisor.engine._experta; print(logging.root.handlers)"
    assert in_new_process(code) == "[]"


def test_the_gate_leaves_no_alias_in_collections() -> None:
    code = "import collections, advisor.engine._experta; print(hasattr(collections, 'Mapping'))"
    assert in_new_process(code) == "False"


def test_the_gate_works_with_a_frozendict_that_needs_no_alias(tmp_path: Path) -> None:
    package = tmp_path / "frozendict"
    package.mkdir()
    (package / "__init__.py").write_text(
        "import collections\n"
        "from collections.abc import Mapping\n"
        "class frozendict(dict): pass\n"
        "Mapping.register(frozendict)\n"
    )
    code = (
        "import frozendict; from advisor.engine import _experta as e; "
        "print(frozendict.__file__, e.Fact(a=1)['a'])"
    )
    assert in_new_process(code, tmp_path) == f"{package / '__init__.py'} 1"


def test_an_experta_without_its_dependencies_is_named(tmp_path: Path) -> None:
    package = tmp_path / "experta"  # experta hides the ImportError and stays empty
    package.mkdir()
    (package / "__init__.py").write_text("__version__ = '1.9.4'\n")
    code = (
        "from advisor.errors import LibraryError\n"
        "try: import advisor.engine._experta\n"
        "except LibraryError as error: print(error)"
    )
    assert "without its dependencies" in in_new_process(code, tmp_path)


def test_no_other_module_imports_experta() -> None:
    found = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "advisor").rglob("*.py"))
        if re.search(
            r"^\s*(import|from) experta\b|import_module\(\"experta", path.read_text(), re.M
        )
    ]
    assert found == ["advisor/engine/_experta.py"]


class Ask(experta.Fact):  # type: ignore[misc]
    """Asks to block a rule."""


class Blocked(experta.Fact):  # type: ignore[misc]
    """Blocks the rule of a number."""


def rules_blocked_by_number(count: int) -> list[object]:
    """Return rules that fire unless blocked, and one before them that blocks."""

    def block(engine: Fleet, number: int) -> None:
        engine.declare(Blocked(number=number))

    def fire(name: str) -> object:
        def note(engine: Fleet) -> None:
            engine.fired.append(name)

        note.__name__ = name
        return note

    first = experta.Rule(Ask(number=experta.MATCH.number), salience=1)(block)
    rest = [
        experta.Rule(Ask(), experta.NOT(Blocked(number=i)))(fire(f"r{i}")) for i in range(count)
    ]
    return [first, *rest]


class Fleet(experta.KnowledgeEngine):  # type: ignore[misc]
    """Rules on one fact, of which one is blocked before it may fire."""

    __strategy__ = experta.TotalOrder

    def __init__(self, count: int) -> None:
        self.fired: list[str] = []
        self._own = rules_blocked_by_number(count)
        super().__init__()

    def get_rules(self) -> list[object]:
        return self._own


class StockFleet(Fleet):
    """The same with experta's own strategy."""

    __strategy__ = experta.KnowledgeEngine.__strategy__


def blocked_ones_that_fire(engine: Fleet, count: int) -> int:
    wrong = 0
    for number in range(count):
        engine.fired.clear()
        engine.reset()
        engine.declare(Ask(number=number))
        engine.run()
        wrong += f"r{number}" in engine.fired
        assert len(engine.fired) - (f"r{number}" in engine.fired) == count - 1
    return wrong


@pytest.mark.parametrize("count", [3, 4, 5, 9, 20, 50])
def test_a_rule_whose_none_became_false_does_not_fire(count: int) -> None:
    assert blocked_ones_that_fire(Fleet(count), count) == 0


def test_experta_s_own_strategy_fires_such_rules() -> None:
    assert blocked_ones_that_fire(StockFleet(20), 20) > 0


def test_the_order_of_firing_is_the_same_in_every_process() -> None:
    code = (
        "from tests.engine.test_experta_gate import Fleet, Ask\n"
        "f = Fleet(12); f.reset(); f.declare(Ask(number=3)); f.run(); print(f.fired)"
    )
    orders = {in_new_process(code) for _ in range(4)}
    assert len(orders) == 1
