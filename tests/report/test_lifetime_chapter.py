"""The chapter on the cost of the life: present where it was worked out, complete, in order."""

from __future__ import annotations

from advisor.planning.kit import Kit
from advisor.planning.lifetime_outlook import with_lifetime
from advisor.report.build import report_of
from advisor.report.formats import FORMATS, render
from advisor.report.model import Section, Table
from tests.planning.lifetime_cases import planned


def chapter(kit: Kit, scenario: str) -> Section:
    line, plan = planned(kit, scenario)
    found = report_of(with_lifetime(plan, line)).chapters
    return next(section for section in found if section.id == "lifetime")


def test_components_and_years_close_with_the_same_total(kit: Kit) -> None:
    tables = [block for block in chapter(kit, "lora-startup").blocks if isinstance(block, Table)]
    assert [table.head[0] for table in tables][:2] == ["Component", "Year"]
    assert tables[0].rows[-1] == tables[1].rows[-1]
    assert tables[1].rows[0][0] == "2026-11 to 2027-10"


def test_ways_growth_trainings_and_energy_have_sections_of_their_own(kit: Kit) -> None:
    found = chapter(kit, "lora-startup").sections
    titles = [section.title for section in found]
    assert titles[0] == "Ways to pay"
    assert {"Capacity against growth", "Trainings", "At the end", "Energy"} <= set(titles)
    assert len({section.id for section in found}) == len(found)


def test_a_plan_that_was_not_laid_out_has_no_such_chapter(kit: Kit) -> None:
    _, plan = planned(kit, "churn")
    assert all(section.id != "lifetime" for section in report_of(plan).chapters)


def test_the_chapter_is_in_every_text_format(kit: Kit) -> None:
    line, plan = planned(kit, "rag-bank")
    whole = with_lifetime(plan, line)
    for kind in {"md", "html"} & set(FORMATS):
        assert b"Cost over the life" in render(whole, kind)
