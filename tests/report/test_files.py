"""Workbook, PDF, decision records and bundle: inert, repeatable, and clear where an extra lacks."""

from __future__ import annotations

import builtins
import io
import json
import re
import subprocess
import sys
import zipfile
from typing import Any
from xml.etree import ElementTree

import pytest

from advisor.errors import LibraryError
from advisor.report.formats import render
from tests.report.hostile import HOSTILE, hostile_plan
from tests.report.plan_example import CHOICES, example, impossible

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def files_in(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def formulas(workbook: bytes) -> set[str]:
    """Return every formula of the workbook."""
    pages = [d for n, d in files_in(workbook).items() if n.startswith("xl/worksheets/sheet")]
    return {str(f.text) for page in pages for f in ElementTree.fromstring(page).iter(f"{SHEET}f")}


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_formula_or_a_link(text: str) -> None:
    workbook = render(hostile_plan(text), "xlsx")
    assert formulas(workbook) == formulas(render(hostile_plan("plain"), "xlsx"))
    assert not any(b"hyperlink" in data for data in files_in(workbook).values())


def test_the_workbook_adds_up_with_formulas_of_its_own() -> None:
    found = formulas(render(example(), "xlsx"))
    assert "F4+C4*$B$1" in found
    assert "SUM(C4:C6)" in found


def test_the_workbook_carries_the_day_of_the_plan_and_no_clock() -> None:
    core = files_in(render(example(), "xlsx"))["docProps/core.xml"].decode()
    assert set(re.findall(r"\d{4}-\d{2}-\d{2}T[\d:]+Z", core)) == {"2026-11-22T00:00:00Z"}


def test_an_impossible_plan_says_so_in_the_workbook() -> None:
    shared = files_in(render(impossible(), "xlsx"))["xl/sharedStrings.xml"].decode()
    assert "Not feasible" in shared
    assert "$26,507 a month over the budget of $800" in shared


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_set_and_not_run_by_the_pdf(text: str) -> None:
    data = render(hostile_plan(text), "pdf")
    assert data.startswith(b"%PDF-")
    assert b"/JavaScript" not in data
    assert b"/Launch" not in data


def test_the_pdf_is_tagged_and_dated_by_the_plan() -> None:
    data = render(example(), "pdf")
    assert b"/StructTreeRoot" in data
    assert b"pdfuaid:part" in data
    assert b"2026-11-22T00:00:00" in data


def test_every_decision_has_a_record_in_the_order_of_madr() -> None:
    found = files_in(render(example(), "adr"))
    assert len(found) == len(CHOICES)
    text = found["0004-serving-accelerator.md"].decode()
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    assert headings == [
        "Serving accelerator: NVIDIA H100 SXM",
        "Context and Problem Statement",
        "Decision Drivers",
        "Considered Options",
        "Decision Outcome",
        "Consequences",
        "Confirmation",
        "Pros and Cons of the Options",
        "NVIDIA H100 SXM",
        "NVIDIA H200",
        "NVIDIA A100 80GB",
        "NVIDIA L4 (ruled out)",
        "AMD MI300X (ruled out)",
        "Old device 0 (ruled out)",
        "Old device 1 (ruled out)",
        "Old device 2 (ruled out)",
        "More Information",
    ]
    assert 'Chosen option: "NVIDIA H100 SXM", because 70 GB of weights' in text
    assert "- Good, because 70 GB of weights fit two devices in FP8." in text
    assert "- Bad, because likely $31,900 a month against $27,300." in text
    assert text.startswith("---\nstatus: proposed\ndate: 2026-11-22\n")
    assert "irst token, 99th percentile: 900 to 2,100 ms" in text


@pytest.mark.parametrize("text", HOSTILE)
def test_records_hold_no_markup_of_hostile_text(text: str) -> None:
    for data in files_in(render(hostile_plan(text), "adr")).values():
        assert "<script" not in data.decode()
        assert not set(data.decode()) & set("\x1b\x07\u202e")


def test_the_bundle_holds_the_reports_and_the_answers_to_repeat_it() -> None:
    found = files_in(render(example(), "zip"))
    assert {"answers.json", "plan.json", "report.md", "report.html"} <= set(found)
    answers = json.loads(found["answers.json"])
    assert answers["model"] == "llama-3.3-70b"
    assert answers["answers"]["peak_rps"] == 40
    assert answers["answers"]["k8s_skill"] == "unknown"
    assert "data_growth" not in answers["answers"]


@pytest.mark.parametrize(("format_", "package"), [("pdf", "typst"), ("xlsx", "xlsxwriter")])
def test_a_missing_extra_is_named_with_the_command_that_brings_it(
    format_: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def refusing(name: str, *rest: Any, **named: Any) -> Any:
        if name == package:
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", refusing)
    with pytest.raises(LibraryError, match=rf"E341.*ml-architecture-advisor\[{format_}\]") as found:
        render(example(), format_)
    assert found.value.exit_code == 3


def test_reports_do_not_load_what_they_do_not_need() -> None:
    code = (
        "import sys; import advisor.report.formats;"
        "print(sorted({'typst', 'xlsxwriter', 'jsonschema', 'textual'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "[]"
