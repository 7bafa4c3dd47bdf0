"""Reading a screen as a user sees it, and keys as a user types them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager

from textual import events
from textual.pilot import Pilot
from textual.strip import Strip

from advisor.tui.app import InterviewApp
from advisor.tui.interview_screen import InterviewScreen

CHARACTERS = {"space": " ", "slash": "/", "full_stop": ".", "enter": "\r"}
ROUNDS = 8
Size = tuple[int, int]
NARROW, WIDE = (80, 24), (120, 40)


@asynccontextmanager
async def opened(app: InterviewApp, size: Size = NARROW) -> AsyncIterator[Pilot[int]]:
    """Yield the app once the first question and the first plan are on the screen."""
    async with app.run_test(size=size, notifications=True) as pilot:
        await settled(pilot)
        yield pilot


async def settled(pilot: Pilot[int]) -> None:
    """Wait until nothing is worked out any more and everything is painted."""
    for _ in range(3):
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()


async def until(pilot: Pilot[int], reached: Callable[[], bool]) -> None:
    """Wait for what takes several turns between threads and screens; fails after ROUNDS."""
    for _ in range(ROUNDS):
        if reached():
            return
        await settled(pilot)
    raise AssertionError(f"never reached:\n{text(pilot)}")


async def press(pilot: Pilot[int], *keys: str) -> None:
    """Press keys and wait for what they set off."""
    await pilot.press(*keys)
    await settled(pilot)


async def type_fast(pilot: Pilot[int], *keys: str) -> None:
    """Send keys without a pause between them; they must keep their order all the same."""
    for key in keys:
        pilot.app.post_message(events.Key(key, CHARACTERS.get(key, key if len(key) == 1 else None)))
    await pilot.pause()


def strips(pilot: Pilot[int]) -> list[Strip]:
    """Return the lines as they are painted, popups over the screen below them."""
    return pilot.app.screen._compositor.render_strips()


def text(pilot: Pilot[int]) -> str:
    """Return what is on the screen as plain text."""
    lines: Iterable[str] = ("".join(s.text for s in strip).rstrip() for strip in strips(pilot))
    return "\n".join(lines) + "\n"


def flat(pilot: Pilot[int]) -> str:
    """Return what is on the screen as one line, for sentences that may be wrapped."""
    return " ".join(text(pilot).split())


def interview(pilot: Pilot[int]) -> InterviewScreen:
    """Return the screen of the interview, also below a popup."""
    found = [s for s in pilot.app.screen_stack if isinstance(s, InterviewScreen)]
    return found[-1]
