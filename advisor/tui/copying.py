"""Copying a text: to the terminal's clipboard, and into a file, since no terminal confirms it."""

from __future__ import annotations

from pathlib import Path

from textual.app import App

from advisor.errors import AdvisorError
from advisor.report.save import write

FILE = "advisor-copied.txt"


def copied(app: App[int], text: str) -> str:
    """Copy a text; return what can be said about where it went."""
    app.copy_to_clipboard(text)
    try:
        write(str(Path.cwd() / FILE), f"{text}\n".encode())
    except AdvisorError:
        return "sent to the terminal's clipboard; no file could be written here"
    return f"sent to the terminal's clipboard, also in {FILE}"
