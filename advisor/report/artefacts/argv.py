"""Command lines as data: literal words and references to variables, set for each kind of file."""

from __future__ import annotations

import re
import shlex

from advisor.frozen import dataclass

_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/@:-]*")


@dataclass(frozen=True, slots=True)
class Env:
    """The value of an environment variable; without a default it must be set.

    A default that a shell or Compose could take for more than a word is dropped.
    """

    name: str
    default: str = ""

    @property
    def inert(self) -> str:
        """Return the default, "" where it is more than one plain word."""
        return self.default if _SAFE.fullmatch(self.default) else ""

    @property
    def shell(self) -> str:
        """Return the reference in shell and Compose; a missing value is an error that names it."""
        if self.inert:
            return f"${{{self.name}:-{self.inert}}}"
        return f"${{{self.name}:?set {self.name}}}"

    @property
    def assigned(self) -> str:
        """Return the expansion for shell that also keeps the default in the variable."""
        if self.inert:
            return f"${{{self.name}:={self.inert}}}"
        return f"${{{self.name}:?set {self.name}}}"


Word = str | Env
Argv = tuple[Word, ...]


def option(name: str, value: object) -> tuple[str, ...]:
    """Return an option with a value that is not a variable."""
    return name, str(value)


def shell(argv: Argv, indent: str = "  ") -> str:
    """Return the command for a shell, one option a line."""
    lines: list[str] = []
    for word in argv:
        text = f'"{word.shell}"' if isinstance(word, Env) else shlex.quote(word)
        fresh = isinstance(word, str) and word.startswith("-")
        if lines and not fresh:
            lines[-1] += f" {text}"
        else:
            lines.append(text)
    return f" \\\n{indent}".join(lines)


def kubernetes(argv: Argv) -> list[str]:
    """Return the words for `command`, which Kubernetes expands; a doubled `$` is inert."""
    return [f"$({w.name})" if isinstance(w, Env) else w.replace("$", "$$") for w in argv]


def compose(argv: Argv) -> list[str]:
    """Return the words for `command`, in which Compose fills variables in."""
    return [w.shell if isinstance(w, Env) else w.replace("$", "$$") for w in argv]
