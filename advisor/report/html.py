"""The report as one HTML file: no script, no request, light, dark and on paper."""

from __future__ import annotations

import functools
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from advisor.report.model import Report
from advisor.report.page_size import lines_of
from advisor.report.text import clean, spaced

DENSITIES = ((66.0, ""), (75.0, "dense"), (96.0, "denser"))
"""Lines up to which page one fits a printed page in a style; beyond them the densest."""


def render_html(report: Report) -> str:
    """Return the report as one page; every text is escaped, drawings are our own markup."""
    return (
        _environment()
        .get_template("report.html.j2")
        .render(report=report, density=_density(report))
        + "\n"
    )


def _density(report: Report) -> str:
    """Return the style in which page one fits a printed page."""
    lines = lines_of(report.page_one)
    return next((style for most, style in DENSITIES if lines <= most), "densest")


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("advisor.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["kind"] = lambda value: type(value).__name__
    environment.filters["drawing"] = Markup
    environment.filters["address"] = _address
    environment.filters["piece"] = _piece
    environment.filters["lines"] = _lines
    environment.filters["is_text"] = lambda value: isinstance(value, str)
    return environment


def _harmless(value: Any) -> Any:
    return clean(value) if type(value) is str else value


def _address(url: str) -> str:
    """Return a web address, "" for anything else that a link could run."""
    return url if url.startswith(("https://", "http://")) else ""


def _piece(text: str) -> Markup:
    """Return the text escaped, with the space that joins it to the next piece."""
    return Markup(spaced(text, str(escape(clean(text)))))  # noqa: S704 - escaped


def _lines(text: str) -> Markup:
    """Return the text with its line breaks, each line escaped."""
    return Markup("\n").join(clean(line) for line in text.split("\n"))
