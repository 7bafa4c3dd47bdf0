"""The chapter on the cost of the life: present where it was worked out, complete, in order."""

from __future__ import annotations

from advisor.planning.kit import Kit
from advisor.planning.lifetime_outlook import with_lifetime
from advisor.report.build import report_of
from advisor.report.formats import FORMATS, render
from advisor.report.model import Section, Table
from tests.planning.lifetime_cases import planned


def chapters(kit: Kit, scenario: str) -> dict[str, Section]:
    line, plan = planned(kit, scenario)
    return {section.id: section for section in report_of(with_lifetime(plan, line)).chapters}


def chapter(kit: Kit, scenario: str) -> Section:
    return chapters(kit, scenario)["lifetime"]


def test_components_and_years_close_with_the_same_total(kit: Kit) -> None:
    tables = [block for block in chapter(kit, "lora-startup").blocks if isinstance(block, Table)]
    assert [table.head[0] for table in tables][:2] == ["Component", "Year"]
    assert tables[0].rows[-1] == tables[1].rows[-1]
    assert tables[1].rows[0][0] == "2026-11 to 2027-10"


def test_ways_speed_and_energy_have_sections_and_growth_has_chapters(kit: Kit) -> None:
    found = chapters(kit, "lora-startup")
    titles = [section.title for section in found["lifetime"].sections]
    assert titles == ["Ways to pay", "Cost against speed", "Energy"]
    months = [block for block in found["retraining"].blocks if isinstance(block, Table)]
    assert months[0].head == ("Month", "Trainings", "Device-hours each", "Cost each")
    steps = [block for block in found["scaling"].blocks if isinstance(block, Table)]
    assert len(steps[0].rows) > 1
    assert found["exit"].blocks


def test_failures_say_what_is_left_of_the_peak(kit: Kit) -> None:
    regions = effects(kit, "chat-70b-eu")
    assert "8 replicas left in a region: the stated peak is carried" in regions["One replica."]
    machines = effects(kit, "impossible-budget")
    machine = next(effect for event, effect in machines.items() if event.startswith("One machine"))
    assert "70% of the peak is carried" in machine


def effects(kit: Kit, name: str) -> dict[str, str]:
    table = chapters(kit, name)["findings"].sections[0].blocks[0]
    assert isinstance(table, Table)
    return {str(row[1]): str(row[2]) for row in table.rows}


def test_a_plan_that_was_not_laid_out_has_no_such_chapter(kit: Kit) -> None:
    _, plan = planned(kit, "churn")
    assert all(section.id != "lifetime" for section in report_of(plan).chapters)


def test_the_chapter_is_in_every_text_format(kit: Kit) -> None:
    line, plan = planned(kit, "rag-bank")
    whole = with_lifetime(plan, line)
    for kind in {"md", "html"} & set(FORMATS):
        assert b"Cost over the life" in render(whole, kind)
