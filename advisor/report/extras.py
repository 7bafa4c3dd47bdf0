"""Formats that need a package which is not installed with the advisor."""

from __future__ import annotations

from advisor.errors import LibraryError, Place, Problem


def missing_extra(format_: str, package: str) -> LibraryError:
    """Return the error that says how to get the package of a format."""
    message = (
        f"the package '{package}' is not installed; run "
        f"pip install 'ml-architecture-advisor[{format_}]', or choose html or json"
    )
    return LibraryError([Problem(Place(f"--format {format_}"), "E341", "", message)])
