"""The commands; each group in its own file, imported when it is called."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from advisor import __version__
from advisor.errors import AdvisorError

COMMANDS = {
    "ask": "advisor.cli.ask",
    "recommend": "advisor.cli.recommend",
    "explain": "advisor.cli.explain",
    "whatif": "advisor.cli.whatif",
    "sensitivity": "advisor.cli.sensitivity",
    "sweep": "advisor.cli.sweep",
    "compare": "advisor.cli.compare",
    "replay": "advisor.cli.replay",
    "review": "advisor.cli.review",
    "recheck": "advisor.cli.recheck",
    "serve": "advisor.cli.serve",
    "completion": "advisor.cli.completion",
    "check": "advisor.cli.check",
    "test": "advisor.cli.test_command",
    "prices": "advisor.cli.prices",
    "estimate": "advisor.cli.estimate",
    "cost": "advisor.cli.cost",
    "export": "advisor.cli.export",
    "benchmark": "advisor.cli.benchmark",
    "calibrate": "advisor.cli.calibrate",
    "questions": "advisor.cli.questions",
    "rules": "advisor.cli.rules",
    "knowledge": "advisor.cli.knowledge",
}
"""Where each command lives; the name of the function is the name of the command."""


class _Lazy(click.Group):
    """A group that imports a command only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click passes it)
        return sorted(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002  (click passes it)
        cmd_name: str,
    ) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found = getattr(importlib.import_module(COMMANDS[cmd_name]), cmd_name)
        return found if isinstance(found, click.Command) else None


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="advisor")
def advisor() -> None:
    """Plan a machine-learning architecture and say why.

    Without a command, the interview opens in the terminal. Exit codes: 0 done; 1 ran, and no
    feasible option or a check failed; 2 bad input or usage; 3 broken library or missing extra;
    130 interrupted. Data go to standard output, everything else to standard error. Any command
    takes --debug: tracebacks, and for `recommend` what each stage was told and which rules fired.
    """


Opener = Callable[[str, Path | None, tuple[Path, ...]], int]
"""Opens the interview on the terminal for a depth, answers and packs; returns an exit code."""


def run(arguments: Sequence[str], interview: Opener) -> int:
    """Run the command line and return its exit code; `interview` serves `ask`."""
    debug = "--debug" in arguments
    kept = [argument for argument in arguments if argument != "--debug"]
    obj = {"interview": interview, "debug": debug}
    try:
        result = advisor.main(kept, "advisor", standalone_mode=False, obj=obj)
    except AdvisorError as error:
        return _report(error, debug)
    except click.exceptions.Abort:
        return 130
    except click.ClickException as error:
        error.show()
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001  (the last resort: say it in one line)
        return _unexpected(error, debug)
    return result if isinstance(result, int) else 0


def _report(error: AdvisorError, debug: bool) -> int:
    if debug:
        traceback.print_exception(error)
    click.echo(str(error), err=True)
    return error.exit_code


def _unexpected(error: Exception, debug: bool) -> int:
    if debug:
        traceback.print_exception(error)
    name = type(error).__name__
    click.echo(
        f"advisor: this is a defect of the program, not of your input: {name}: {error}; "
        "run again with --debug and report what it prints",
        err=True,
    )
    return 3
