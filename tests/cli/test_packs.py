"""Packs through the command line: local prices, vendors, devices, policy and rules, end to end.

`tests/packs/acme` approves vendors, negotiates a price and replaces a rule; `tests/packs/lab`
brings a device and a threshold, and states the same price later.
"""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from advisor.cli import main

DAY = ["--as-of", "2026-11-22"]
STARTUP = "tests/scenarios/lora-startup.yaml"
ACME, LAB = "tests/packs/acme", "tests/packs/lab"


def run(*arguments: str) -> int:
    return main.run([*arguments, *DAY], lambda *_: pytest.fail("the interview was opened"))


def plan(capfdbinary: pytest.CaptureFixture[bytes], scenario: str, *packs: str) -> dict[str, Any]:
    options = [word for pack in packs for word in ("--pack", pack)]
    assert run("recommend", scenario, "--json", *options) == 0
    found = json.loads(capfdbinary.readouterr().out)
    assert isinstance(found, dict)
    return found


def month(found: dict[str, Any]) -> Decimal:
    return Decimal(str(found["cost"]["month"]["likely"]))


def test_the_report_lists_packs_in_order_and_the_rules_they_replace(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    library = plan(capfdbinary, STARTUP, ACME, LAB)["library"]
    assert library["packs"] == ["acme 2026-11", "lab 3"]
    assert library["replaced_rules"] == [{"rule": "ACME-LIFE-002", "replaces": "LIFE-056"}]
    assert run("recommend", STARTUP, "--pack", ACME, "--pack", LAB) == 0
    text = capfdbinary.readouterr().out.decode()
    assert "acme 2026-11, then lab 3" in text
    assert "LIFE-056 by ACME-LIFE-002" in text


def test_the_price_of_the_last_pack_holds(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """Hours of the g6e.xlarge: list 1.861, acme 0.837, lab 0.500 USD."""
    listed = month(plan(capfdbinary, STARTUP))
    acme = month(plan(capfdbinary, STARTUP, ACME))
    assert month(plan(capfdbinary, STARTUP, LAB, ACME)) == acme
    lab = month(plan(capfdbinary, STARTUP, ACME, LAB))
    assert lab < acme < listed
    shares = (listed - acme) / (acme - lab)
    assert shares == pytest.approx(Decimal("1.024") / Decimal("0.337"), rel=Decimal("0.02"))


def test_a_vendor_that_is_not_approved_is_ruled_out_by_the_rule_of_the_pack(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    tracking = plan(capfdbinary, STARTUP, ACME)["decisions"]["experiment_tracking"]
    rejected = {lost["id"]: lost["rule"] for lost in tracking["rejected"]}
    assert rejected["wandb"] == "ACME-LIFE-001"


def test_a_rule_in_place_of_a_built_in_one_decides_instead(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    scenario = "tests/scenarios/demand-forecasting.yaml"
    before = plan(capfdbinary, scenario)["rules"]
    after = plan(capfdbinary, scenario, ACME)["rules"]
    assert "ACME-LIFE-002" in str(after)
    assert "ACME-LIFE-002" not in str(before)
    assert "'LIFE-056'" not in str(after)


def test_a_device_of_ones_own_is_sized_and_priced_like_any_other(
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = ("explain", "tests/scenarios/research-workstations.yaml", "training_accelerator")
    assert run(*arguments, "--why-not", "lab-a4500-20gb", "--pack", LAB) == 0
    assert "RTX A4500 of the lab was possible" in capsys.readouterr().out


def test_packs_pass_the_same_check_as_the_library(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", "--pack", ACME, "--pack", LAB) == 0
    assert " 0 errors" in capsys.readouterr().err


def test_packs_in_the_configuration_folder_come_first_unless_switched_off(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "ml-architecture-advisor" / "packs"
    shutil.copytree(ACME, folder / "acme")
    monkeypatch.setattr("platformdirs.user_config_dir", lambda name: str(tmp_path / name))
    assert plan(capfdbinary, STARTUP)["library"]["packs"] == []
    monkeypatch.delenv("ADVISOR_NO_USER_PACKS")
    assert plan(capfdbinary, STARTUP, LAB)["library"]["packs"] == ["acme 2026-11", "lab 3"]


def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ACME, tmp_path / "pack"))


@pytest.mark.parametrize(
    ("file", "change", "said"),
    [
        ("pack.yaml", ('version: "2026-11"\n', ""), "E202: the field 'version' is missing"),
        (
            "rules/lifecycle/schedules.yaml",
            ("id: ACME-LIFE-002", "id: LIFE-956"),
            "the id 'LIFE-956' must start with 'ACME-'",
        ),
        (
            "rules/lifecycle/schedules.yaml",
            ("replaces: LIFE-056", "replaces: LIFE-999"),
            "LIFE-999",
        ),
        ("rules/lifecycle/schedules.yaml", ("id: airflow3}", "id: airflow33}"), "'airflow3'?"),
        (
            "rules/lifecycle/schedules.yaml",
            ("strength: should", "strength: must"),
            "'prefer' needs",
        ),
        ("knowledge/prices.yaml", ('"0.837"', "0.837"), "0.837"),
        ("knowledge/prices.yaml", ("source: acme-agreement", "source: acme"), "acme"),
        ("knowledge/prices.yaml", ("# yaml-language-server", "# yaml"), "E206"),
    ],
)
def test_a_bad_pack_is_refused_with_place_and_reason(
    tmp_path: Path,
    file: str,
    change: tuple[str, str],
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = copied(tmp_path) / file
    text = path.read_text(encoding="utf-8")
    assert change[0] in text
    path.write_text(text.replace(*change), encoding="utf-8")
    assert run("recommend", STARTUP, "--pack", str(tmp_path / "pack")) == 3
    streams = capsys.readouterr()
    assert said in streams.err
    assert all(line.startswith(("pack/", str(tmp_path))) for line in streams.err.splitlines())
    assert streams.out == ""


def test_a_missing_folder_is_bad_input_and_a_folder_without_pack_yaml_a_broken_pack(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("recommend", STARTUP, "--pack", str(tmp_path / "no")) == 2
    assert "there is no such folder" in capsys.readouterr().err
    assert run("recommend", STARTUP, "--pack", str(tmp_path)) == 3
    assert "pack.yaml: E200: No such file" in capsys.readouterr().err


def test_two_packs_of_one_id_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("recommend", STARTUP, "--pack", ACME, "--pack", str(copied(tmp_path))) == 3
    assert "E142: id: 'acme' is the id of" in capsys.readouterr().err


def test_a_pack_is_data_and_nothing_in_it_is_run(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    folder = copied(tmp_path)
    (folder / "rules" / "own.py").write_text("raise SystemExit(9)\n", encoding="utf-8")
    assert plan(capfdbinary, STARTUP, str(folder))["library"]["packs"] == ["acme 2026-11"]
