"""A file of keys: what it may say, what is refused with its place, and that the keys then work."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.errors import InputError
from advisor.library.yamlfile import Ids, parse
from advisor.tui.app import InterviewApp
from advisor.tui.commands import APP_COMMANDS, COMMANDS, EVERY, WHATIF_COMMANDS
from advisor.tui.keymap import Keys, keys_in_force, keys_of
from tests.tui.screens import interview, opened, press, text
from tests.tui.still_advice import StillAdvice


def read(said: str) -> Keys:
    return keys_of(parse(said.encode(), Ids("E360"), "keys.yaml"))


def test_without_a_file_the_keys_are_the_usual_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("ADVISOR_KEYS", raising=False)
    assert keys_in_force().remapped == {}


def test_an_empty_mapping_changes_nothing_and_the_usual_keys_do_not_clash() -> None:
    assert read("{}").remapped == {}
    for part in ((*COMMANDS, *APP_COMMANDS), (*WHATIF_COMMANDS, *APP_COMMANDS)):
        keys = [key for command in part for key in command.keys.split(",")]
        assert len(set(keys)) == len(keys)
    assert len({c.id for c in EVERY}) == len(EVERY)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("what_iff: z", "keys.yaml:1:1: E360: what_iff: no action 'what_iff'; did you mean"),
        ("redo: R\nwhat_if: w", "keys.yaml:2:1: E360: what_if: 'w' is also the key of 'why'"),
        ("redo: z\nundo: z", "keys.yaml:2:1: E360: undo: 'z' is also the key of 'redo'"),
        ("undo: f2", "'f2' is also the key of 'theme'"),
        ("undo: '5'", "'5' types or moves; take another key"),
        ("undo: k", "'k' types or moves"),
        ("undo: ctrl+s", "'ctrl+s' is taken by terminals, multiplexers or browsers"),
        ("undo: hyper", "no key 'hyper'; write one character"),
        ("undo: 3", "a key is a text"),
        ("undo: []", "a key is a text"),
        ("interrupt: z", "no action 'interrupt'"),
        ("- undo", "no mapping; write action: key"),
        ("undo: [z", "keys.yaml:2:1: E360: not valid YAML"),
    ],
)
def test_a_wrong_line_is_named_with_the_way_to_mend_it(said: str, wrong: str) -> None:
    with pytest.raises(InputError) as error:
        read(said)
    assert wrong in str(error.value)
    assert error.value.exit_code == 2


async def test_remapped_keys_work_on_questions_in_the_result_and_in_what_if() -> None:
    keys = read("what_if: z\nresult: R\nback: [esc, '{']\nwhatif.leave: Q\nmenu: '!'")
    async with opened(InterviewApp(StillAdvice("standard"), keys=keys), (120, 40)) as pilot:
        assert "R result" in text(pilot)
        assert "! keys" in text(pilot)
        await press(pilot, "1", "left_curly_bracket")
        assert "What about task?" in text(pilot)
        await press(pilot, "R")
        assert "[1 Summary]" in text(pilot)
        await press(pilot, "z")
        assert "What if" in text(pilot)
        await press(pilot, "Q")
        assert "[1 Summary]" in text(pilot)
        await press(pilot, "R", "x")
        assert "x is no key here" in text(pilot)
        await press(pilot, "exclamation_mark", *"what if")
        assert "z             what if" in text(pilot)
        assert interview(pilot).interview.record.values == {"task": "tables"}
