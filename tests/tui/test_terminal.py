"""The program on a real terminal: starting, typing ahead, pasting, resizing, dying, resuming."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tui.measure import Measured
from tests.tui.terminal import (
    LEAVE_ALTERNATE,
    PASTE_BEGIN,
    PASTE_END,
    ROOT,
    SHOW_CURSOR,
    Terminal,
)


def saved(folder: Path) -> dict[str, object]:
    data = json.loads((folder / "sessions" / "interview-1.json").read_text())
    return {id_: entry["value"] for id_, entry in data["answers"].items()}


def test_answers_survive_a_kill_and_are_taken_up_after_it(tmp_path: Path) -> None:
    with Terminal(tmp_path) as first:
        first.wait_for("opening the interview")
        first.type("24")  # typed before there is a question: forecasting, done by hand today
        first.wait_for("2 of about")
        first.type("gwhich description\r")
        first.wait_for("[ ] healthcare")
        first.type(" \r")
        first.wait_for("3 of about")
        first.send(signal.SIGKILL)
        assert first.ended() == -signal.SIGKILL
    assert saved(tmp_path) == {
        "problem_type": "forecasting",
        "baseline_exists": "manual_process",
        "sector": ["other"],
    }
    with Terminal(tmp_path) as second:
        second.wait_for("interview-1, 3 answers")
        second.type("\x1b[B\r")
        second.wait_for("3 of about")
        second.type("gwhere is the project\r")
        second.wait_for("5 replatforming")
        second.type("2")
        second.wait_for("4 of about")
        second.send(signal.SIGTERM)
        assert second.ended() == 143
        assert SHOW_CURSOR in second.output
        assert second.output.rindex(LEAVE_ALTERNATE) > second.output.rindex(b"4 of about")
    assert saved(tmp_path)["project_stage"] == "proof_of_concept"


def test_a_paste_and_a_resize_keep_what_is_in_the_field(tmp_path: Path) -> None:
    answers = tmp_path / "answers.yaml"
    answers.write_text("problem_type: forecasting\n")
    with Terminal(tmp_path, "ask", "answers.yaml") as terminal:
        terminal.wait_for("1 answer taken from answers.yaml")
        terminal.type("gvolume gb")
        terminal.wait_for("How much training data")
        terminal.type("\r")
        terminal.wait_for("usual: 50 GB")
        terminal.type(f"{PASTE_BEGIN}1.5 TB\r\n2\r\n{PASTE_END}")
        terminal.wait_for("= 1,500 GB")
        for size, wanted in (
            ((20, 6), "too small"),
            ((130, 36), "RECOMMENDATION"),
            ((40, 12), "1.5 TB"),
        ):
            terminal.resize(size)
            terminal.wait_for(wanted)
        terminal.wait_for("= 1,500 GB")
        terminal.type("\x1b")
        terminal.wait_for("What kinds of data?")
        terminal.send(signal.SIGHUP)
        assert terminal.ended() == 129
    assert not (tmp_path / "sessions" / "interview-1.json").exists()


def test_reading_the_rules_after_a_change_is_said_and_can_be_interrupted(tmp_path: Path) -> None:
    with Terminal(tmp_path, settings={"ADVISOR_NO_CACHE": "1"}) as terminal:
        terminal.wait_for("once after a change")
        terminal.send(signal.SIGINT)
        # CPython ends by the signal itself where ctrl+c fell into generated code: 130 in a shell
        assert terminal.ended() in (130, -signal.SIGINT)
        assert LEAVE_ALTERNATE in terminal.output
        assert b"Traceback" not in terminal.output


COLOURS = re.compile(rb"[34]8;2;(\d+);(\d+);(\d+)")


@pytest.mark.parametrize(
    "settings", [{"NO_COLOR": "1"}, {"TERM": "linux", "COLORTERM": ""}], ids=["none", "sixteen"]
)
def test_without_colours_and_with_sixteen_the_cursor_is_a_glyph(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    with Terminal(tmp_path, settings=settings) as terminal:
        terminal.wait_for("▸ 1 a number or class")
        terminal.type("\x1b[B")
        terminal.wait_for("▸ 2 future values")
        terminal.send(signal.SIGTERM)
        assert terminal.ended() == 143
    colours = {found.groups() for found in COLOURS.finditer(terminal.output)}
    if settings.get("NO_COLOR"):
        assert all(r == g == b for r, g, b in colours)
    else:
        assert colours == set()


@pytest.mark.parametrize("arguments", [(), ("ask",)])
def test_without_a_terminal_it_refuses_with_a_way_out(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "advisor", *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"},
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert "advisor ask --plain" in done.stderr


@pytest.mark.parametrize("setting", [("TERM", "dumb"), ("ADVISOR_ACCESSIBLE", "1")])
def test_a_simple_terminal_gets_plain_prompts(tmp_path: Path, setting: tuple[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "advisor"],
        cwd=tmp_path,
        input="1\nquit\n",
        check=True,
        capture_output=True,
        text=True,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "ADVISOR_SESSIONS": str(tmp_path),
            setting[0]: setting[1],
        },
    )
    assert "Question 1 of about" in done.stdout
    assert "Saved as interview-1." in done.stdout
    assert "\x1b" not in done.stdout


HEADLESS = """
import sys
from advisor.cli.main import run
code = run(["recommend", sys.argv[1], "-o", sys.argv[2]], lambda *_: 9)
print(code, sorted(m for m in sys.modules if m.split(".")[0] == "textual"))
"""


def test_recommend_never_imports_textual(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            HEADLESS,
            str(ROOT / "tests/scenarios/rules-are-enough.yaml"),
            str(tmp_path / "plan.md"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "0 []\n"


def test_a_wrong_file_of_keys_is_named_before_anything_is_opened(tmp_path: Path) -> None:
    (tmp_path / "keys.yaml").write_text("undo: z\nredo: z\n")
    with Terminal(tmp_path, settings={"ADVISOR_KEYS": "keys.yaml"}, size=(120, 24)) as terminal:
        assert terminal.ended() == 2
        assert "keys.yaml:2:1: E360: redo: 'z' is also the key of 'undo'" in terminal.text
        assert terminal.output.rindex(LEAVE_ALTERNATE) < terminal.output.rindex(b"E360")


DEFECT = """
from advisor.tui import interview_screen
def broken(self):
    raise ValueError("broken \\x1b[31mon purpose")
interview_screen.InterviewScreen.action_why = broken
from advisor.__main__ import main
main()
"""


def test_a_defect_gives_the_terminal_back_and_says_how_to_go_on(tmp_path: Path) -> None:
    with Terminal(tmp_path, program=("-c", DEFECT), size=(120, 30)) as terminal:
        terminal.wait_for("What should the system predict")
        terminal.type("1w")
        assert terminal.ended() == 3
        assert terminal.output.rindex(LEAVE_ALTERNATE) < terminal.output.rindex(b"defect")
        assert SHOW_CURSOR in terminal.output
        assert "ValueError: broken" in terminal.text
        assert "take interview-1 up again" in terminal.text
        assert "Traceback" not in terminal.text
    assert "in broken" in (tmp_path / "sessions" / "crash.txt").read_text()
    assert saved(tmp_path) == {"problem_type": "tabular_prediction"}


def test_a_storm_of_sizes_and_a_long_paste_leave_question_and_text(tmp_path: Path) -> None:
    with Terminal(tmp_path) as terminal:
        terminal.wait_for("What should the system predict")
        terminal.type("gvolume gb")
        terminal.type("\r")
        terminal.wait_for("usual: 50 GB")
        terminal.type(f"{PASTE_BEGIN}{'9' * 100_000}\n{PASTE_END}")
        terminal.wait_for("!")
        terminal.type("\x15")
        terminal.type("42")
        for n in range(60):
            terminal.resize((20 + 3 * n % 120, 6 + n % 40))
        terminal.resize((100, 30))
        terminal.wait_for("= 42 GB")
        terminal.wait_for("How much training data in total?")
        terminal.send(signal.SIGTERM)
        assert terminal.ended() == 143


@pytest.mark.skipif(sys.platform != "linux", reason="reads the CPU time of another program")
def test_an_answer_is_painted_in_time_over_a_slow_line(tmp_path: Path) -> None:
    """1 Mbit/s carries 37,500 bytes in 0.3 s; all that an answer changes is in them."""
    with Measured(tmp_path, size=(120, 40)) as shown:
        shown.wait_for("future values")
        shown.rest()
        for key in ("2", "4", "d", "u"):
            before = len(shown.output)
            shown.type(key)
            shown.rest()
            assert 1_000 < len(shown.output) - before < 37_500, key
