"""The keys in force: the usual ones, and what a file of the user's own puts in their place.

The file maps actions to keys:

what_if: z                  an action and its key, or a list of keys
back: [esc, "["]
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import events

from advisor.errors import InputError, Problem
from advisor.tui.commands import APP_COMMANDS, COMMANDS, DIALS, EVERY, WHATIF_COMMANDS, Command

if TYPE_CHECKING:
    from advisor.library.yamlfile import Document

SETTING = "ADVISOR_KEYS"
"""Names a file of keys in place of the one in the user's configuration folder."""
FILE = "keys.yaml"
ID = "E360"
WRITTEN = {"esc": "escape", "return": "enter", "pgup": "pageup", "pgdn": "pagedown"}
"""Other names of keys."""
NAMED = (*(f"f{n}" for n in range(1, 13)), "escape", "shift+tab", "insert")
"""Keys with a name that may be given to an action."""
TYPES = frozenset("0123456789kmbtj.,-$%") | {"space", "enter", "tab", "backspace", "delete"}
"""Keys that type or move, and so stay what they are."""
ELSEWHERE = frozenset("abhijmoswzcq")
"""Letters that terminals, multiplexers, browsers or quitting take together with ctrl."""
FIXED = (*(f"whatif.{action}" for action in DIALS), "interrupt")
"""Commands on keys that type or move; they stay."""


@dataclass(frozen=True)
class Keys:
    """Commands with the keys in force."""

    commands: tuple[Command, ...] = COMMANDS
    app: tuple[Command, ...] = APP_COMMANDS
    whatif: tuple[Command, ...] = WHATIF_COMMANDS

    @cached_property
    def actions(self) -> Mapping[str, str]:
        """Return what each key of the interview does."""
        return {key: c.action for c in self.commands for key in c.keys.split(",")}

    @cached_property
    def back(self) -> tuple[str, ...]:
        """Return the keys that lead back."""
        return tuple(key for key, action in self.actions.items() if action == "back")

    @property
    def remapped(self) -> dict[str, str]:
        """Return the keys of every command whose keys are not the usual ones."""
        usual = {c.id: c.keys for c in EVERY}
        every = (*self.commands, *self.app, *self.whatif)
        return {c.id: c.keys for c in every if c.keys != usual[c.id]}


def keys_file() -> Path:
    """Return where the file of keys is looked for."""
    from platformdirs import user_config_dir  # noqa: PLC0415  (only where it is asked for)

    named = os.environ.get(SETTING)
    return Path(named) if named else Path(user_config_dir("ml-architecture-advisor")) / FILE


def keys_in_force() -> Keys:
    """Return the keys; raises InputError with every problem of the file."""
    path = keys_file()
    if not path.is_file() and not os.environ.get(SETTING):
        return Keys()
    from advisor.library.yamlfile import Ids, read  # noqa: PLC0415  (only where there is a file)

    return keys_of(read(path, Ids(ID)))


def keys_of(document: Document) -> Keys:
    """Return the keys that a document asks for; raises InputError with every problem."""
    data = document.data
    if not isinstance(data, dict):
        raise InputError([Problem(document.place(), ID, "", "no mapping; write action: key")])
    reader = _Reader(document)
    given = {name: found for name, said in data.items() if (found := reader.keys(name, said))}
    every = {c.id: _with(c, given.get(c.id)) for c in EVERY}
    reader.clashes(every, given)
    if reader.problems:
        raise InputError(reader.problems)
    return Keys(
        *(tuple(every[c.id] for c in part) for part in (COMMANDS, APP_COMMANDS, WHATIF_COMMANDS))
    )


def _with(command: Command, written: tuple[str, ...] | None) -> Command:
    if written is None:
        return command
    keys = ",".join(_textual(key) for key in written)
    return replace(command, keys=keys, shown=" or ".join(written[:2]))


def event_of(written: str) -> events.Key:
    """Return the event of a key as it is written in hints."""
    return events.Key(_textual(written), written if len(written) == 1 else None)


def _textual(written: str) -> str:
    """Return what textual calls a key."""
    from textual.keys import _character_to_key  # noqa: PLC0415  (it has no public name)

    bare = WRITTEN.get(written, written)
    return _character_to_key(bare) if len(bare) == 1 else bare


class _Reader:
    """Checks a file of keys, noting every problem on the way."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = []

    def keys(self, name: str, said: Any) -> tuple[str, ...]:
        """Return the keys of an action as they were written; none where they cannot be."""
        from advisor.library.words import remedy  # noqa: PLC0415  (only where there is a file)

        ids = [c.id for c in EVERY if c.id not in FIXED]
        if name not in ids:
            self.report(name, f"no action '{name}'; {remedy(name, ids)}")
            return ()
        found = tuple(said) if isinstance(said, list) and said else (said,)
        for key in found:
            if wrong := _wrong(key):
                self.report(name, wrong)
                return ()
        return tuple(map(str, found))

    def clashes(self, every: Mapping[str, Command], given: Mapping[str, tuple[str, ...]]) -> None:
        """Note keys that two actions of one screen would have."""
        for name in given:
            for other, key in _shared(every, every[name]):
                if other.id in given and list(given).index(other.id) > list(given).index(name):
                    continue  # said once, where it stands second
                what = f"'{key}' is also the key of '{other.id}' ({other.text})"
                self.report(name, f"{what}; give one of them another key")

    def report(self, name: str, message: str) -> None:
        self.problems.append(Problem(self.document.place((name,)), ID, name, message))


def _shared(every: Mapping[str, Command], command: Command) -> Iterator[tuple[Command, str]]:
    """Yield commands that are valid on the same screen and share a key."""
    mine = command.keys.split(",")
    written = dict(zip(mine, command.shown.split(" or "), strict=False))
    for other in every.values():
        together = other.place == command.place or other in APP_COMMANDS or command in APP_COMMANDS
        for key in other.keys.split(",") if together and other.id != command.id else ():
            if key in mine:
                yield other, written.get(key, key)


def _wrong(key: object) -> str:
    """Return why a key cannot be given to an action, "" where it can."""
    if not isinstance(key, str) or not key:
        return "a key is a text such as z, '[', f5, esc or ctrl+t"
    bare = WRITTEN.get(key, key)
    if bare in TYPES:
        return f"'{key}' types or moves; take another key"
    if bare.startswith("ctrl+") and len(bare) == len("ctrl+x") and bare[-1].isalpha():
        taken = bare[-1] in ELSEWHERE
        return f"'{key}' is taken by terminals, multiplexers or browsers" if taken else ""
    if bare in NAMED or (len(bare) == 1 and bare.isprintable()):
        return ""
    return f"no key '{key}'; write one character, f1 to f12, esc, shift+tab, or ctrl+ and a letter"
