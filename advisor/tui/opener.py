"""What can be opened: saved interviews, worked examples, and files by their path."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import Input

from advisor.analysis import sessions
from advisor.library.examples import EXAMPLES, example
from advisor.report.text import clean, counted
from advisor.tui.popup import Picker, Rows

NEW, FILE, SAVED, EXAMPLE = "new", "file", "saved:", "example:"
"""What a picked row is: a fresh interview, a file to name, a saved one, an example."""
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0


class Opener(Picker):
    """A list in which a path can be typed, too."""

    def accept(self) -> None:
        """Pick the highlighted row, or take what was typed for a path where no row is like it."""
        typed = self.query_one(Input).value.strip()
        if typed and (not self.rows_like(typed) or "/" in typed or "\\" in typed):
            self.dismiss(f"{FILE}{typed}")
        else:
            super().accept()


def file_box() -> Opener:
    """Return the box in which a file or an example is named."""
    box = Opener("Type the path of a file, or take an example", example_rows())
    box.intro = (
        "A file of answers (YAML or JSON), a model's config.json, or what nvidia-smi -L, "
        "kubectl get nodes -o json or sinfo printed."
    )
    return box


def start_box(found: tuple[sessions.Saved, ...]) -> Opener:
    """Return the box that a program with saved interviews begins with."""
    saved = ((f"{SAVED}{s.name}", _listed(s)) for s in found)
    rows = ((NEW, "begin a new interview"), *saved, (FILE, "open a file ..."), *example_rows())
    return Opener("Take an interview up, or begin a new one", rows)


def example_rows() -> Rows:
    """Return the examples as rows."""
    return tuple((f"{EXAMPLE}{id_}", f"example {text}") for id_, text in EXAMPLES.items())


def path_of(picked: str) -> Path | None:
    """Return the file that was picked or typed; None where it is still to be named."""
    if picked.startswith(EXAMPLE):
        return example(picked.removeprefix(EXAMPLE))
    typed = picked.removeprefix(FILE)
    return Path(typed).expanduser() if typed else None


def _listed(session: sessions.Saved) -> str:
    return clean(f"{session.name}, {counted(session.answered, 'answer')}, {_age(session.age_s)}")


def _age(seconds: float) -> str:
    if seconds < HOUR:
        return f"{counted(int(seconds / MINUTE), 'minute')} ago"
    if seconds < DAY:
        return f"{counted(int(seconds / HOUR), 'hour')} ago"
    return f"{counted(int(seconds / DAY), 'day')} ago"
