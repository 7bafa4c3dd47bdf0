"""What the interview imports before the first question, and what it keeps while it runs."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from advisor.library.load import load_library
from advisor.library.opening import opening, opening_of
from advisor.tui import garbage
from tests.tui.screens import opened, press
from tests.tui.still_advice import still_app
from tests.tui.terminal import ROOT

STARTED = """
import asyncio
import sys
from advisor.analysis.advice_session import AdviceSession
from advisor.tui.app import InterviewApp
from advisor.tui.interview_screen import InterviewScreen
advice = AdviceSession.start("standard")
begin, found = InterviewScreen.begin, set()
def begun(screen, note):
    begin(screen, note)  # the first question is laid out
    found.update(sys.modules)
InterviewScreen.begin = begun
async def run():
    async with InterviewApp(advice).run_test():
        pass
asyncio.run(run())
print(*found)
"""
LATER = ("experta", "jinja2", "jsonschema", "numpy", "yaml")
OWN_LATER = (
    *("engine", "report.build", "planning.line", "sizing", "domain.plan", "library.load"),
    *("tui.popup", "tui.result_view", "analysis.migration", "analysis.headlines"),
)
MOST = 58
"""Own modules before the first question; half of them would be a sign of a wrong import."""


def test_the_first_question_needs_neither_rules_nor_formulas_nor_the_library(
    tmp_path: Path,
) -> None:
    opening()  # compiled, where it was not
    done = subprocess.run(
        [sys.executable, "-c", STARTED],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "", "HOME": str(Path.home()), "ADVISOR_SESSIONS": str(tmp_path)},
    )
    found = set(done.stdout.split())
    assert "textual.app" in found
    assert sorted(found & set(LATER)) == []
    own = {name.removeprefix("advisor.") for name in found if name.startswith("advisor.")}
    assert sorted(name for name in own if name.startswith(OWN_LATER)) == []
    assert len(own) <= MOST


def test_what_an_interview_opens_with_is_what_the_library_says() -> None:
    first = opening()
    whole = opening_of(load_library())
    assert first.fingerprint == whole.fingerprint
    assert first.questions == whole.questions
    assert dict(first.shapes) == dict(whole.shapes)


HEAVY = ("numpy.ma", "zipfile")
"""Parts of the heaviest imports that no plan needs."""


def test_planning_imports_no_part_that_only_files_need(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, advisor.analysis.planner, advisor.tui.later; print(*sys.modules)",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "", "HOME": str(tmp_path)},
    )
    found = set(done.stdout.split())
    assert "numpy" in found
    assert sorted(found & set(HEAVY)) == []


def _resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@pytest.mark.skipif(sys.platform != "linux", reason="other systems give memory back themselves")
def test_what_nothing_uses_is_given_back() -> None:
    blocks = [bytes(1024) for _ in range(32_000)]
    held = blocks[::50]  # what stays in between keeps the C library from giving any of it back
    blocks.clear()
    before = _resident_mib()
    garbage.give_back()
    assert before - _resident_mib() > 16
    assert len(held) == 640


@pytest.fixture
def collector() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


BOXES = 12
"""Boxes opened and closed; what textual paints for one is about a thousand objects."""


@pytest.mark.usefixtures("collector")
async def test_nothing_of_closed_boxes_is_kept() -> None:
    async with opened(still_app()) as pilot:
        await press(pilot, "2", "g", "escape")
        garbage.settle()
        for _ in range(BOXES // 2):
            await pilot.press("g", "escape", "v", "escape")
        await press(pilot)
        gc.collect()
        assert len(gc.get_objects()) < BOXES * 500
        assert gc.get_threshold()[0] == garbage.YOUNG
