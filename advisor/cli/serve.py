"""`advisor serve`: the interview in a browser of this machine."""

from __future__ import annotations

import secrets
import shlex
import socket
import sys
from pathlib import Path

import click

from advisor.domain.questions import DEPTHS
from advisor.errors import InputError, LibraryError, Place, Problem

HOST = "127.0.0.1"
"""Loopback alone: the interview reads and writes files as the user who started it."""


@click.command()
@click.argument("answers", metavar="[ANSWERS]", required=False, type=click.Path(path_type=Path))
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--depth", type=click.Choice(DEPTHS), default="standard", show_default=True, help="As for ask."
)
@click.option(
    "--pack",
    "packs",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="A folder with rules and knowledge of your own; may be repeated.",
)
def serve(answers: Path | None, port: int, depth: str, packs: tuple[Path, ...]) -> int:
    """Serve the interview to a browser on this machine, each tab an interview of its own.

    Prints the address to open, which holds a key: other users and other pages are refused.
    Needs the extra [web].
    """
    try:
        from advisor.cli.serve_browser import InterviewServer  # noqa: PLC0415  (needs [web])
    except ModuleNotFoundError as error:
        message = "'advisor serve' needs the extra: pip install 'ml-architecture-advisor[web]'"
        raise LibraryError(message) from error
    _check_free(port)
    server = InterviewServer(_command(answers, depth, packs), port, secrets.token_urlsafe(24))
    click.echo(f"open {server.address} (ctrl+c ends)")
    server.serve()
    return 0


def _command(answers: Path | None, depth: str, packs: tuple[Path, ...]) -> str:
    """Return the shell command of one interview; `exec` leaves no shell between it and us."""
    words = [sys.executable, "-m", "advisor", "ask", "--depth", depth]
    for pack in packs:
        words += ["--pack", str(pack.resolve())]
    words += [str(answers.resolve())] if answers else []
    return f"exec {shlex.join(words)}"


def _check_free(port: int) -> None:
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((HOST, port))
        except OSError as error:
            message = f"port {port} cannot be had ({error.strerror}); choose another"
            raise InputError([Problem(Place("--port"), "E331", "", message)]) from None
