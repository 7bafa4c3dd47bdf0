"""Every format: same bytes, hostile text inert, page one complete."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from advisor.domain.plan import Plan, Reason
from advisor.report.formats import FORMATS, render
from tests.report.hostile import HOSTILE, hostile_plan
from tests.report.plan_example import CHOICES, example, impossible

ROOT = Path(__file__).parents[2]


class Tags(HTMLParser):
    """Collects the elements and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        self.names.append("/" + tag)


def tags_of(page: bytes) -> Tags:
    found = Tags()
    found.feed(page.decode())
    return found


@pytest.mark.parametrize("format_", FORMATS)
def test_the_same_plan_gives_the_same_bytes(format_: str) -> None:
    assert render(example(), format_) == render(example(), format_)


def test_bytes_do_not_depend_on_the_hash_seed() -> None:
    code = (
        "import hashlib; from advisor.report.formats import FORMATS, render;"
        "from tests.report.plan_example import example, impossible;"
        "print([hashlib.sha256(render(p, f)).hexdigest()"
        " for f in FORMATS for p in (example(), impossible())])"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(found) == 1


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_adds_no_element_to_the_page(text: str) -> None:
    plain = tags_of(render(hostile_plan("plain"), "html"))
    found = tags_of(render(hostile_plan(text), "html"))
    assert sorted(set(found.names)) == sorted(set(plain.names))
    assert not {name for name, _ in found.attributes if name.startswith("on")}
    assert not set(found.names) & {"script", "img", "iframe", "object", "embed", "form", "base"}


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("format_", ["md", "html"])
def test_hostile_text_cannot_act_on_terminal_or_direction(text: str, format_: str) -> None:
    shown = render(hostile_plan(text), format_).decode()
    assert not set(shown) & set("\x1b\x07\u202e\u202c")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_keeps_the_outline_of_the_markdown(text: str) -> None:
    def outline(data: bytes) -> list[str]:
        lines = data.decode().split("\n")
        return [re.match(r"#* |\|? ?", line).group(0) for line in lines]  # type: ignore[union-attr]

    assert outline(render(hostile_plan(text), "md")) == outline(render(hostile_plan("plain"), "md"))


def test_markdown_holds_no_markup_of_hostile_text() -> None:
    shown = render(hostile_plan(HOSTILE[0]), "md").decode()
    assert "<script" not in shown
    assert "<img" not in shown


@pytest.mark.parametrize("text", HOSTILE)
def test_mermaid_stays_one_diagram(text: str) -> None:
    shown = render(hostile_plan(text), "md").decode()
    diagram = shown.split("```mermaid\n")[1].split("```")[0]
    assert "javascript" not in diagram.replace("javascript:alert(3)", "")
    assert all(line.count('"') % 2 == 0 for line in diagram.splitlines())
    assert "<" not in diagram.replace("<br>", "")


def test_the_page_asks_the_network_for_nothing() -> None:
    page = render(example(), "html").decode()
    found = tags_of(page.encode())
    assert not {name for name, _ in found.attributes} & {"src", "srcset", "data", "action"}
    assert "url(" not in page.replace("url(#tip)", "")
    assert "@import" not in page
    assert "link" not in found.names


def test_the_page_is_small_and_well_formed() -> None:
    page = render(example(), "html")
    assert len(page) < 400 * 1024
    names = [n for n in tags_of(page).names if n not in ("meta", "rect", "line", "path", "br")]
    ids = re.findall(rb' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for tag in ("section", "table", "tr", "td", "svg", "details", "ul", "ol"):
        assert names.count(tag) == names.count("/" + tag), tag


def test_every_drawing_says_in_words_what_it_shows() -> None:
    page = render(example(), "html").decode()
    assert page.count("<svg") == len(re.findall(r"<svg[^>]* role=\"img\"[^>]*><title>[^<]+<", page))
    assert "weights 33.1 GiB, cache 24.6 GiB" in page


def first_page(plan: Plan) -> str:
    shown = render(plan, "md").decode()
    return shown.split("\n## Cost")[0]


def test_page_one_stands_alone() -> None:
    page = first_page(example())
    assert "retrieval-augmented generation with llama-3.3-70b" in page
    assert "8 x NVIDIA H100 SXM" in page
    assert "$33,307 ($24,006 to $46,514) a month" in page
    assert "$599,526" in page
    assert "Prices as of 2026-06 or later" in page
    assert "taxes and negotiated discounts" in page
    for name in ("Performance", "Scalability", "Lifecycle duration", "Cost", "Security and"):
        assert f"**{name}" in page
    assert "Who runs Kubernetes?" in page
    assert "A managed endpoint would be chosen if nobody runs it." in page
    assert "Likely $31,900 a month against $27,300." in page
    assert "8 of 10 answers given" in page
    assert "Confirm the first token with a load test." in page


def test_an_impossible_plan_says_so_first() -> None:
    page = first_page(impossible())
    start = page.index("No option meets every constraint")
    assert start < page.index("What comes nearest: Build it by")
    assert "Margin: $26,507 a month over the budget of $800." in page
    assert "allow a hosted model at $2,100 a month" in page


def test_a_limit_that_is_missed_is_called_missed() -> None:
    plan = example()
    over = replace(plan.limits[0], binding=True, used=1.6)
    shown = render(replace(plan, limits=(over, *plan.limits[1:])), "md").decode()
    assert "| missed |" in shown
    assert "missed" not in render(plan, "md").decode().split("## Assumptions")[0]


def test_every_decision_is_in_the_report() -> None:
    shown = render(example(), "md").decode()
    for name, _ in CHOICES.values():
        assert f"### {name}:" in shown or f"**{name}:**" in shown, name


def test_losers_stand_in_groups_with_the_nearest_first() -> None:
    shown = render(example(), "md").decode()
    near = shown.index("AMD MI300X: No provider in Germany offers it.")
    far = shown.index("Old device 5 and 3 more: It is no longer sold.")
    assert near < far


def test_answers_carry_their_source() -> None:
    shown = render(example(), "md").decode()
    for mark in ("| given |", "| from a file |", "| assumed |", "| not known, assumed |"):
        assert mark in shown


def test_no_rule_stands_without_a_sentence() -> None:
    for line in render(example(), "md").decode().split("\n"):
        assert not re.fullmatch(r"[-\d. ]*\(?[A-Z]+-\d{3}\)?", line), line


def test_no_work_without_machine_learning_is_said_plainly() -> None:
    plan = example()
    approach = replace(
        plan.decisions["approach"],
        chosen="no_ml_yet",
        because=(Reason("rules answer nine cases of ten", rule="LIFE-100"),),
    )
    page = first_page(replace(plan, decisions={**plan.decisions, "approach": approach}))
    assert "**Do not build machine learning yet.** Rules answer nine cases of ten." in page


def test_a_use_for_which_nothing_is_left_is_not_called_unneeded() -> None:
    plan = impossible()
    serving = replace(
        plan.decisions["serving_pattern"], chosen="unresolved", chosen_name="unresolved"
    )
    page = first_page(replace(plan, decisions={**plan.decisions, "serving_pattern": serving}))
    assert "No way of serving is left." in page
    assert "Nothing is served" not in page
