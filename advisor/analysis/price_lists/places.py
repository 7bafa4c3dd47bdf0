"""Regions of providers -> the areas in which the catalogue keeps prices."""

from __future__ import annotations

import re

_AREAS = {
    "us": re.compile(r"us|us[-_].*|(east|west|central|northcentral|southcentral|westcentral)us\d?"),
    "eu": re.compile(
        r"(eu|europe|uk|de|fr|nl|se|fi|fin|no|is|ice|ro|cz|es|it|pl|gb|bg|be|at|dk|ie)([-_].*)?"
        r"|(north|west)europe|(france|norway|sweden|switzerland|germany|italy|poland|spain|uk)"
        r"(central|east|west|north|south|westcentral)"
    ),
    "ap": re.compile(
        r"(ap|asia|jp|sg|in|kr|au|tw|hk|australia)([-_].*)?|(south)?eastasia"
        r"|(japan|korea|australia|india)(east|west|central|south|southeast)"
        r"|(central|south|west)india"
    ),
}


def area_of(region: str) -> str:
    """Return us, eu or ap, "" for a region elsewhere."""
    name = region.lower()
    return next((area for area, form in _AREAS.items() if form.fullmatch(name)), "")
