"""The program around the interview: choosing a session, early keys, ending in order."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import traceback
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.binding import BindingType

from advisor.analysis import sessions
from advisor.report.text import clean
from advisor.tui import garbage
from advisor.tui.commands import APP_COMMANDS, TakesKeys
from advisor.tui.interview_screen import InterviewScreen
from advisor.tui.keymap import Keys
from advisor.tui.messages import NotOpened
from advisor.tui.themes import change, dress, inks

if TYPE_CHECKING:
    from advisor.analysis.advice_session import AdviceSession

SIGNALS = {"SIGTERM": 143, "SIGHUP": 129}
"""Signals that end the program in order, with the exit code of each."""
ALONE_S = 2.0
"""How often it is looked whether a terminal is still there; not every system sends a signal."""


class InterviewApp(App[int]):
    """Opens the interview; all of its state is in the advice session."""

    CSS_PATH = "advisor.tcss"
    ENABLE_COMMAND_PALETTE = False
    TITLE = "advisor"
    BINDINGS: ClassVar[list[BindingType]] = [command.binding for command in APP_COMMANDS]

    def __init__(
        self, advice: AdviceSession, answers: Path | None = None, keys: Keys | None = None
    ) -> None:
        super().__init__()
        self._keys = keys or Keys()
        dress(self)
        self.failure = ""
        self.crashed = False
        self._advice = advice
        self._file = answers
        self._saved = sessions.saved() if answers is None else ()
        self._picking = bool(self._saved)
        self._early: list[events.Key] = []
        self._begun = False
        self._interrupted = False
        self._started_by = os.getppid()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return the colours of texts in the present theme."""
        return inks(self.theme)

    def get_default_screen(self) -> InterviewScreen:
        """Return the interview; it begins at once where nothing is chosen or read first."""
        return InterviewScreen(self._advice, self._file, self._keys, chosen=not self._picking)

    def on_mount(self) -> None:
        """Prepare to end in order; offer what is saved."""
        loop = asyncio.get_running_loop()
        for name, code in SIGNALS.items():
            with contextlib.suppress(NotImplementedError, AttributeError, RuntimeError):
                number = getattr(signal, name)
                loop.add_signal_handler(number, self._end, code)
        self.set_keymap(self._keys.remapped)
        self.set_interval(ALONE_S, self._end_if_alone)
        if self._picking:
            from advisor.tui import soon  # noqa: PLC0415  (see there)

            self.push_screen(soon.start_box(self._saved), self._pick)

    def _pick(self, picked: str | None) -> None:
        from advisor.tui.opener import FILE, NEW, SAVED, path_of  # noqa: PLC0415  (is there now)

        self._picking = False
        screen = self.screen_stack[0]
        if not isinstance(screen, InterviewScreen):
            return
        picked = picked or NEW
        found = [s for s in self._saved if picked == f"{SAVED}{s.name}"]
        path = None if found or picked == NEW else path_of(picked)
        screen.begin(self._advice.open(found[0]) if found else "")
        if path is not None:
            screen.open_file(path)
        elif picked == FILE:
            screen.action_load()

    def on_not_opened(self, message: NotOpened) -> None:
        """End with the problems, which are printed once the terminal is back."""
        self.failure = str(message.error)
        self.exit(return_code=message.error.exit_code)

    def pop_screen(self) -> AwaitComplete:
        """Close the box or screen on top, and what was painted for it with it."""
        closed = super().pop_screen()
        garbage.forget_painted()
        if not self.is_headless:
            self.set_timer(garbage.CLOSED_S, partial(garbage.give_back, garbage.YOUNGER))
        return closed

    def on_begun(self) -> None:
        """Hand on the keys that were typed before there was a question."""
        self._begun = True
        early, self._early = self._early, []
        for key in early:
            self.post_message(key)

    async def on_event(self, event: events.Event) -> None:
        """Keep keys typed before the first question for it."""
        waiting = not self._begun and not self._picking
        if waiting and isinstance(event, events.Key) and not event.key.startswith("ctrl+"):
            self._early.append(event)
            return
        if isinstance(event, events.Key) and not event.is_forwarded:
            screen = self.screen
            if isinstance(screen, TakesKeys) and screen.take_key(event):
                return
        await super().on_event(event)

    def _fatal_error(self) -> None:
        """End in order after a defect: textual's own report would fill the terminal."""
        if self.is_headless or self._exception is None:
            super()._fatal_error()
            return
        if isinstance(self._exception, BrokenPipeError):  # a tab that was closed, no defect
            self._close_messages_no_wait()
            return
        self.crashed = True
        self.failure = crash_told(self._exception, self._advice.name)
        self._close_messages_no_wait()

    def _end_if_alone(self) -> None:
        """End where nobody is there any more: the terminal is gone, or the browser's server."""
        served = os.getppid() == self._started_by if self.is_web else sys.stdin.isatty()
        if not (served or self.is_headless):
            self._end(SIGNALS["SIGHUP"])

    def _end(self, code: int) -> None:
        self.exit(return_code=code)

    def action_theme(self) -> None:
        """Take the next theme: dark, light, high contrast."""
        self.notify(f"theme: {change(self)}", markup=False)

    def action_interrupt(self) -> None:
        """Quit on the second press."""
        if self._interrupted:
            self.exit(return_code=130)
            return
        self._interrupted = True
        self.set_timer(2, self._forget_interrupt)
        self.notify("ctrl+c once more quits; every answer is saved", markup=False)

    def _forget_interrupt(self) -> None:
        self._interrupted = False

    def on_unmount(self) -> None:
        """Let other programs have the session."""
        self._advice.close()


def crash_told(error: Exception, name: str) -> str:
    """Return what is said after a defect; all that is known of it goes into a file."""
    what = f"{type(error).__name__}: {error}"
    lines = [
        clean(f"advisor: this is a defect of the program, not of your input: {what}"),
        f"Every answer is saved: run 'advisor' and take {name} up again.",
    ]
    path = sessions.folder() / "crash.txt"
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
        lines.append(f"What to send with a report: {path}")
    return "\n".join(lines)
