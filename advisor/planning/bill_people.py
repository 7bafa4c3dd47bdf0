"""The people who run what a plan takes: a line of the bill, beside the infrastructure budget."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from advisor.domain.plan import CostItem, Money
from advisor.planning.beside import is_rented, places_of, second_provider_month
from advisor.planning.host_estimates import USES, kind_of, manned_months, people_month
from advisor.planning.line import Line
from advisor.planning.market import CENT
from advisor.planning.words import counted

PEOPLE_WHO_RUN = "operations"


def people_item(line: Line) -> CostItem | None:
    """Return what running the hosts takes of people beyond what the team runs already: a month,
    and once for those of training that is done once."""
    training = line.uses.get("training")
    manned = manned_months(line, training) if training else line.months
    lasting = tuple(use for use in USES if use == "serving" or manned == line.months)
    hosts, standing = _hosts(line, USES), _hosts(line, lasting)
    more = _second_providers(line, lasting)
    passing = _second_providers(line, USES) - more
    month = _month(line, standing, more)
    once = (_month(line, hosts - standing, passing) * manned).quantize(CENT)
    if not month and not once:
        return None
    names = sorted({host for host, _ in hosts})
    names += ["a second provider"] if more + passing else []
    leaving = f"; once for {counted(manned, 'month')} of training and handing back"
    return CostItem(
        PEOPLE_WHO_RUN,
        "People who run it",
        _range(month),
        _range(once),
        f"share of a person, planning values, for: {', '.join(names)}{leaving if once else ''}; "
        "not held against the infrastructure budget",
        line.kit.library.policy.parameters["cost.staff_usd_year"].provenance.as_of,
        "policy",
    )


Host = tuple[str, str]
"""A host and the kind of provider that it stands on."""


def _month(line: Line, hosts: Iterable[Host], providers: int) -> Decimal:
    """Return the people of hosts and of so many providers more, a month."""
    each = (people_month(line, host, kind) for host, kind in sorted(hosts))
    return (sum(each, Decimal(0)) + second_provider_month(line) * providers).quantize(CENT)


def _range(likely: Decimal) -> Money:
    return Money((likely / 2).quantize(CENT), likely, (likely * 2).quantize(CENT))


def _second_providers(line: Line, uses: Iterable[str]) -> int:
    """Return the providers beyond the first, where machines are rented from any."""
    options = [line.uses[use] for use in uses if use in line.uses]
    rents = any(is_rented(line, option.provider) for option in options)
    return max(0, len(places_of(line, *options)) - 1) if rents else 0


def _hosts(line: Line, uses: Iterable[str]) -> frozenset[Host]:
    """Return the hosts of uses with the kind of provider that each stands on."""
    found = set()
    for use in uses:
        host, option = line.chosen(f"{use}_host"), line.uses.get(use)
        if host not in ("", "unresolved", "none"):
            found.add((host, kind_of(line, option) if option else ""))
    return frozenset(found)
