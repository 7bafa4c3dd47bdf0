"""`advisor prices`: from a price list to a pack that plans use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from advisor.cli import main
from advisor.library.load import load_library
from tests.analysis.price_lists import samples


def run(*arguments: str) -> int:
    return main.run(arguments, lambda *_: pytest.fail("the interview was opened"))


@pytest.fixture
def listing(tmp_path: Path) -> Path:
    path = tmp_path / "index.json"
    path.write_text(samples.AWS_JSON, encoding="utf-8")
    return path


def test_an_imported_list_is_a_dated_pack_that_keeps_earlier_prices(
    tmp_path: Path, listing: Path
) -> None:
    assert run("prices", "import", str(listing), "-o", str(tmp_path / "pack")) == 0
    library = load_library([tmp_path / "pack"])
    assert [(p.id, p.version) for p in library.packs] == [("pricesaws20261015", "2026-10-15")]
    before, offer = load_library().offers["aws-g6e.xlarge"], library.offers["aws-g6e.xlarge"]
    assert offer.prices[: len(before.prices)] == before.prices
    now = offer.price("on_demand")
    assert now is not None
    assert (str(now.usd_per_hour), now.effective, now.evidence) == (
        "1.8",
        "2026-10-15",
        "price_list",
    )
    assert library.sources["aws-prices-2026-10-15"].where == "index.json"
    assert len(library.offers) == len(load_library().offers)


def test_a_pack_of_prices_passes_the_check_and_shows_what_it_changes(
    tmp_path: Path, listing: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = str(tmp_path / "pack")
    assert run("prices", "import", str(listing), "-o", pack) == 0
    assert run("check", "--pack", pack, "--as-of", "2026-11-22") == 0
    capsys.readouterr()
    assert run("prices", "diff", pack, "--json") == 0
    by_pack = json.loads(capsys.readouterr().out)
    assert run("prices", "diff", str(listing), "--json") == 0
    assert json.loads(capsys.readouterr().out) == by_pack
    full = next(c for c in by_pack if c["terms"] == "on_demand")
    assert (full["before_usd_per_hour"], full["usd_per_hour"]) == ("1.861", "1.8")
    assert run("prices", "diff", pack) == 0
    streams = capsys.readouterr()
    assert "1.861 (2026-07-20) -> 1.8  -3.3 %" in streams.out
    assert "3 prices differ" in streams.err


def test_what_is_left_out_is_said(
    tmp_path: Path, listing: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("prices", "import", str(listing), "-o", str(tmp_path / "pack")) == 0
    said = capsys.readouterr().err
    assert "left out: 3 other systems, tenancies and software" in said
    assert "3 prices of 2026-10-15 in" in said


def test_a_list_without_a_day_is_not_taken_for_one_of_today(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "vms.csv"
    path.write_text(samples.SKYPILOT_AWS, encoding="utf-8")
    arguments = ("prices", "import", str(path), "--provider", "aws", "-o", str(tmp_path / "p"))
    assert run(*arguments) == 2
    assert "the list does not say of which day it is" in capsys.readouterr().err
    assert run(*arguments, "--as-of", "2026-11-01") == 0
    assert load_library([tmp_path / "p"]).packs[0].version == "2026-11-01"


def test_a_folder_in_use_and_a_missing_file_are_refused(
    tmp_path: Path, listing: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("prices", "import", str(listing), "-o", str(tmp_path)) == 2
    assert "the folder is not empty" in capsys.readouterr().err
    assert run("prices", "diff", str(tmp_path / "no.csv")) == 2
    assert "check the path" in capsys.readouterr().err
