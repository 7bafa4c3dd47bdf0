"""The program around the interview: reading the library, choosing a session, ending in order."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events, work
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Static

from advisor.analysis import sessions
from advisor.errors import AdvisorError
from advisor.report.text import clean, counted
from advisor.tui.commands import APP_COMMANDS
from advisor.tui.interview_screen import InterviewScreen
from advisor.tui.popup import Box, Picker
from advisor.tui.themes import change, dress, inks
from advisor.tui.whatif_screen import WhatIfScreen

if TYPE_CHECKING:
    from advisor.analysis.advice_session import AdviceSession

SIGNALS = {"SIGTERM": 143, "SIGHUP": 129}
"""Signals that end the program in order, with the exit code of each."""
ALONE_S = 2.0
"""How often it is looked whether a terminal is still there; not every system sends a signal."""
PAINT_S = 0.02
"""Time to paint in before the library is read; a screen that is closed at once cannot lose it."""
READING = "Reading rules, prices and law ..."
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0


class LibraryRead(Message):
    """The library is read."""

    def __init__(self, advice: AdviceSession) -> None:
        super().__init__()
        self.advice = advice


class NotOpened(Message):
    """The interview cannot begin."""

    def __init__(self, error: AdvisorError) -> None:
        super().__init__()
        self.error = error


class InterviewApp(App[int]):
    """Opens the interview; all of its state is in the advice session."""

    CSS_PATH = "advisor.tcss"
    ENABLE_COMMAND_PALETTE = False
    TITLE = "advisor"
    BINDINGS: ClassVar[list[BindingType]] = [command.binding for command in APP_COMMANDS]

    def __init__(self, start: Callable[[], AdviceSession], answers: Path | None = None) -> None:
        super().__init__()
        dress(self)
        self.failure = ""
        self._start = start
        self._file = answers
        self._saved = sessions.saved() if answers is None else ()
        self._picking = bool(self._saved)
        self._picked: sessions.Saved | None = None
        self._advice: AdviceSession | None = None
        self._early: list[events.Key] = []
        self._begun = False
        self._interrupted = False
        self._started_by = os.getppid()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return the colours of texts in the present theme."""
        return inks(self.theme)

    def compose(self) -> ComposeResult:
        """Say that the library is being read."""
        yield Static(READING, id="opening", markup=False)

    def on_mount(self) -> None:
        """Prepare to end in order; read the library after the first paint."""
        loop = asyncio.get_running_loop()
        for name, code in SIGNALS.items():
            with contextlib.suppress(NotImplementedError, AttributeError, RuntimeError):
                number = getattr(signal, name)
                loop.add_signal_handler(number, self._end, code)
        self.set_interval(ALONE_S, self._end_if_alone)
        self.set_timer(PAINT_S, self._read_library)
        if self._picking:
            rows = (("", "begin a new interview"), *((s.name, _listed(s)) for s in self._saved))
            picker = Picker("Take an interview up, or begin a new one", rows)
            self.push_screen(picker, self._pick)

    @work(thread=True)
    def _read_library(self) -> None:
        try:
            self.post_message(LibraryRead(self._start()))
        except AdvisorError as error:
            self.post_message(NotOpened(error))

    def _pick(self, name: str | None) -> None:
        self._picking = False
        self._picked = next((s for s in self._saved if s.name == name), None)
        self._begin()

    def on_library_read(self, message: LibraryRead) -> None:
        """Keep the session that the library was read for."""
        self._advice = message.advice
        self._begin()

    def on_not_opened(self, message: NotOpened) -> None:
        """End with the problems, which are printed once the terminal is back."""
        self.failure = str(message.error)
        self.exit(return_code=message.error.exit_code)

    def _begin(self) -> None:
        """Show the first question once the library is read and a session is chosen."""
        if self._advice is None or self._picking:
            return
        note = ""
        try:
            if self._picked is not None:
                note = self._advice.open(self._picked)
            elif self._file is not None:
                note = self._advice.load(self._file)
        except AdvisorError as error:
            self.on_not_opened(NotOpened(error))
            return
        self.push_screen(InterviewScreen(self._advice, note))

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
            if isinstance(screen, InterviewScreen | Box | WhatIfScreen) and screen.take_key(event):
                return
        await super().on_event(event)

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
        if self._advice is not None:
            self._advice.close()


def _listed(session: sessions.Saved) -> str:
    return clean(f"{session.name}, {counted(session.answered, 'answer')}, {_age(session.age_s)}")


def _age(seconds: float) -> str:
    if seconds < HOUR:
        return f"{counted(int(seconds / MINUTE), 'minute')} ago"
    if seconds < DAY:
        return f"{counted(int(seconds / HOUR), 'hour')} ago"
    return f"{counted(int(seconds / DAY), 'day')} ago"
