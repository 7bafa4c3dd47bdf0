"""The interview: what the user says and asks, handed to the advice session."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.events import Key

from advisor.domain.questions import DEPTHS, Question
from advisor.errors import AdvisorError
from advisor.report.text import clean, counted
from advisor.tui import words
from advisor.tui.advice_screen import AdviceScreen
from advisor.tui.commands import COMMANDS
from advisor.tui.copying import copied
from advisor.tui.question_view import QuestionView

if TYPE_CHECKING:
    from advisor.tui.result_view import ResultView
    from advisor.tui.ways_out import WaysOut

STILL_READING = "the rules are still being read; press {} again in a moment"
PAGES = {"pageup": -1, "pagedown": 1}
NO_QUESTION = "that key answers a question; r goes back to the questions"


class InterviewScreen(AdviceScreen):
    """Takes answers and commands."""

    BINDINGS: ClassVar[list[BindingType]] = [command.binding for command in COMMANDS]

    # --- answering ------------------------------------------------------------------------

    def take_key(self, event: Key) -> bool:
        """Hand a key to the question, else run its command, at once; return whether it was one.

        Textual hands keys from queue to queue, so that keys typed fast could overtake each other
        and answer the wrong question.
        """
        waiting = self.boxed or (self.choosing and event.key not in self.keys.back)
        if waiting and not event.key.startswith("ctrl+"):
            self.early.append(event)
            return True
        if self.showing_result:
            return False
        question = self.query_one(QuestionView)
        if event.key in PAGES:
            question.turn_page(PAGES[event.key])
            return True
        if question.take_key(event):
            return True
        action = self.keys.actions.get(event.key)
        if action is not None:
            getattr(self, f"action_{action}")()
        elif event.is_printable:
            self.say(f"{event.character} is no key here; ? lists those that are")
        return action is not None or event.is_printable

    def _asked(self) -> Question | None:
        """Return the question on screen; where there is none, say so."""
        question = self.interview.current
        if question is None or self.showing_result:
            self.say(NO_QUESTION)
            return None
        return question

    def action_unknown(self) -> None:
        """Note that the user does not know."""
        if question := self._asked():
            self.note = self.interview.unknown(question)
            self.changed()

    def action_later(self) -> None:
        """Put the question off."""
        if question := self._asked():
            self.interview.later(question)
            self.changed()

    def action_note(self) -> None:
        """Write a note beside the question; it stands in the report."""
        from advisor.tui import soon  # noqa: PLC0415  (see there)

        if question := self._asked():
            before = self.interview.record.notes.get(question.id, "")
            title = f"Note on: {question.text} It stands in the report; empty takes it away."
            self.ask(soon.Prompt(title, before), lambda text: self._noted(question, text))

    def _noted(self, question: Question, text: str | None) -> None:
        if text is not None and text != self.interview.record.notes.get(question.id, ""):
            self.interview.note(question, text)
            self.note = "noted; it stands in the report" if text else "the note is taken away"
            self.changed()

    def action_undo(self) -> None:
        """Undo the last change."""
        if self.interview.undo():
            self.note = "undone; U takes it up again"
            self.changed()
        else:
            self.say("nothing to undo")

    def action_redo(self) -> None:
        """Redo the change last undone."""
        if self.interview.redo():
            self.note = "redone"
            self.changed()
        else:
            self.say("nothing to redo")

    # --- moving ---------------------------------------------------------------------------

    def action_back(self) -> None:
        """Go to the question before, from anywhere; never checks what stands in the field."""
        self.stop_choosing()
        if not self.showing_result or self.interview.current is None:
            self.interview.back()
        self.turn()

    def action_forward(self) -> None:
        """Go to the question after."""
        self.interview.forward()
        self.move_on()

    def action_deepen(self) -> None:
        """Ask the expert questions too."""
        added = self.interview.deepen()
        more = f"{counted(added, 'expert question')} added"
        self.note = more if added else "all questions are asked already"
        self.standing = None
        self.move_on()

    def action_go_to(self) -> None:
        """Choose a question to go to."""
        self._pick_question("Go to a question", words.question_rows(self.interview))

    def action_review(self) -> None:
        """Look at all answers and choose one to change."""
        self._pick_question("Your answers, and what is assumed", words.review_rows(self.interview))

    def _pick_question(self, title: str, rows: tuple[tuple[str, str], ...]) -> None:
        from advisor.tui import soon  # noqa: PLC0415  (see there)

        here = self.interview.current
        self.ask(soon.Picker(title, rows, here.id if here else ""), self._go)

    def _go(self, question: str | None) -> None:
        if question is not None:
            self.interview.go_to(question)
            self.turn()

    def action_menu(self) -> None:
        """Show every key, those that do something here first; the one picked is run."""
        from advisor.tui import soon  # noqa: PLC0415  (see there)

        rows = [(c, self._idle(c.action)) for c in (*self.keys.commands, *self.keys.app)]
        listed = [(c.action, f"{c.shown:<13} {c.text}") for c, why_not in rows if not why_not]
        idle = [
            (c.action, f"{c.shown:<13} not now: {why_not} ({c.text})")
            for c, why_not in rows
            if why_not
        ]
        self.ask(soon.Picker("Keys", (*listed, *idle)), self._run)

    def _idle(self, action: str) -> str:
        """Return why a command does nothing now, "" where it does something."""
        asking = not self.showing_result and self.interview.current is not None
        reasons = {
            **dict.fromkeys(("unknown", "later", "why"), "" if asking else "no question is shown"),
            "undo": "" if self.interview.can_undo else "nothing was changed",
            "redo": "" if self.interview.can_redo else "nothing was undone",
            "ways_out": "" if self.clashing else "every must is met",
            "deepen": "" if self.interview.depth != DEPTHS[-1] else "they are asked already",
        }
        return reasons.get(action, "")

    async def _run(self, action: str | None) -> None:
        if action is not None:
            await self.run_action(action)

    # --- looking --------------------------------------------------------------------------

    def action_result(self) -> None:
        """Show the whole recommendation, or return from it."""
        if not self.showing_result:
            self.show_result()
        elif self.interview.current is None:
            self.say("every question is answered; [ goes back to the last, g to any of them")
        else:
            self.show()

    def action_why(self) -> None:
        """Say why the question is asked and which rules read its answer."""
        if not self.prepared:
            self.say(STILL_READING.format("w"))
        elif question := self._asked():
            text = self.advice.why_asked(question, self.plan)
            self._read("Why am I asked", text)

    def _read(self, title: str, text: str) -> None:
        """Show a text in a box."""
        from advisor.tui import soon  # noqa: PLC0415  (see there)

        self.app.push_screen(soon.Reading(title, words.clean_lines(text)))

    def action_how(self) -> None:
        """Explain the decision under the cursor of the result."""
        if not self.showing_result:
            self.show_result()
        self.result.explain()

    def action_what_if(self) -> None:
        """Turn answers beside the interview; what is applied there is an answer here."""
        if self.plan is None:
            self.say("the recommendation is still being worked out; press x again in a moment")
            return
        from advisor.tui import later  # noqa: PLC0415  (see there)

        question = self.interview.current
        screen = later.WhatIfScreen(
            self.advice, self.plan, question.id if question else "", self.keys
        )
        self.app.push_screen(screen, self._applied)

    def action_ways_out(self) -> None:
        """Say which answers cannot all hold, and take a way out of it."""
        if self.plan is None:
            self.say("the recommendation is still being worked out; press o again in a moment")
        elif not self.clashing:
            self.say("every must is met and no wish is overruled; there is nothing to mend")
        else:
            from advisor.tui import later  # noqa: PLC0415  (see there)

            box = later.WaysOut(self.advice, self.plan)
            self.ask(box, lambda picked: self._way_out(box, picked))

    def _way_out(self, box: WaysOut, picked: str | None) -> None:
        if picked is None:
            return
        if picked.startswith(box.GO_TO):
            self._go(picked.removeprefix(box.GO_TO))
            return
        self.interview.apply(box.ways[int(picked)].relaxation.changes)
        self.note = "taken; u takes it back"
        self.changed()

    def _applied(self, count: int | None) -> None:
        if count:
            self.note = f"{counted(count, 'answer')} taken over from what-if; u takes them back"
            self.changed()
        elif self.showing_result:
            self.study()
        else:
            self.turn()

    def on_result_view_explain(self, message: ResultView.Explain) -> None:
        """Say how a decision was reached, and what stood against the others."""
        if self.plan is not None:
            text = self.advice.how(message.decision)
            self._read("How, and why not", text)

    # --- files ----------------------------------------------------------------------------

    def action_export(self) -> None:
        """Write the report, its data and the answers into the present folder."""
        if self.whole is None:
            self.exporting = True
            self.say("the cost of the life is laid out; the files are written right after")
            self.complete()
        else:
            self.export()

    def export(self) -> None:
        """Write the whole plan."""
        if self.whole is None:
            return
        from advisor.tui import later  # noqa: PLC0415  (see there)

        try:
            written = later.write_files(self.whole, Path.cwd(), self.advice.name)
        except AdvisorError as error:
            self.notify(clean(f"not written: {error}"), severity="error", markup=False)
            return
        self.notify(clean(f"written into {Path.cwd()}: {', '.join(written)}"), markup=False)

    def action_copy(self) -> None:
        """Copy the line or page of the result, else the recommendation beside the question."""
        from advisor.tui import soon  # noqa: PLC0415  (see there)

        if self.plan is None:
            self.say("the recommendation is still being worked out; press y again in a moment")
            return
        shown = self.result.chosen() if self.showing_result else ""
        self.notify(
            clean(copied(self.app, shown or soon.strip(self.plan, None).plain)), markup=False
        )

    def action_load(self) -> None:
        """Ask for a file to take answers or a model from, or for an example."""
        from advisor.tui import soon  # noqa: PLC0415  (see there)

        self.ask(soon.file_box(), self._load)

    def _load(self, picked: str | None) -> None:
        from advisor.tui import soon  # noqa: PLC0415  (see there)

        if picked and (path := soon.path_of(picked)):
            self.open_file(path)

    def open_file(self, path: Path) -> None:
        """Take answers or a model from a file, as soon as the rules are read."""
        if not self.prepared:
            self.wanted = path
            return
        try:
            self.note = self.advice.load(path)
        except AdvisorError as error:
            self._read("Not taken in", str(error))
            return
        self.changed()
