"""Plans kept as files: made again, compared, and checked on another day."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from advisor.analysis.plan_again import again, differing_paths, kept
from advisor.analysis.whole_plan import whole_plan
from advisor.cli import main
from advisor.library.plan_file import plan_of, read_plan
from advisor.planning.kit import Kit
from advisor.planning.line import Line
from advisor.report.json_report import plan_json

SCENARIOS = Path("tests/scenarios")
PLANS = sorted(SCENARIOS.glob("*.plan.json"))
DAY = "2026-11-22"
DATED = ("--as-of", DAY)
ACME = "tests/packs/acme"
G6E = """\
# yaml-language-server: $schema=../../../../knowledge/schema/instances.schema.json
instances:
  - id: aws-g6e.xlarge
    provider: aws
    instance_type: g6e.xlarge
    kind: gpu
    accelerator_id: l40s
    count: 1
    vcpus: 4
    mem_gb: 32
    network_gbit_s: 2.5
    rdma: none
    bare_metal: "no"
    on_demand_available: "yes"
    prices:
      - {terms: on_demand, region: us-east-1, area: us, usd_per_hour: "0.300",
         effective: "2026-10-01", checked: "2026-10-01", source: karpenter-aws}
      - {terms: on_demand, region: us-east-1, area: us, usd_per_hour: "30.000",
         effective: "2027-03-01", checked: "2026-10-01", source: karpenter-aws}
    source: [karpenter-aws]
    as_of: "2026-10-01"
    evidence: price_list
"""


def run(*arguments: str) -> int:
    return main.run(arguments, lambda *_: pytest.fail("the interview was opened"))


def said(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = run(*arguments)
    return code, capfd.readouterr().out


def _data(path: Path) -> dict[str, Any]:
    found = json.loads(path.read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def dear_later(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a pack in which the machine of a scenario becomes dear in the spring."""
    folder = tmp_path_factory.mktemp("packs") / "dear"
    (folder / "knowledge").mkdir(parents=True)
    (folder / "pack.yaml").write_text("id: dear\nversion: '1'\n", encoding="utf-8")
    (folder / "knowledge" / "prices.yaml").write_text(G6E, encoding="utf-8")
    return folder


@pytest.mark.parametrize("path", PLANS, ids=lambda p: p.name.removesuffix(".plan.json"))
def test_a_plan_read_back_writes_the_same_bytes(path: Path) -> None:
    assert plan_json(read_plan(path)) == path.read_text(encoding="utf-8")


def test_every_approved_plan_is_made_again_to_the_byte(kit: Kit) -> None:
    line = Line(kit)
    for path in PLANS:
        before = read_plan(path)
        found = kept(before, str(path), kit)
        now = whole_plan(again(found, line, before.as_of), line, found.answers)
        assert plan_json(now) == path.read_text(encoding="utf-8"), path


def test_replay_says_that_a_plan_is_reproduced(capfd: pytest.CaptureFixture[str]) -> None:
    code, text = said(capfd, "replay", str(SCENARIOS / "churn.plan.json"))
    assert (code, "reproduced" in text) == (0, True), text


def test_what_a_plan_file_holds_does_not_act_on_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    data = _data(SCENARIOS / "churn.plan.json")
    data["decisions"]["ci_cd"] |= {"chosen": "x", "name": "\x1b[31mred\u202e"}
    hostile = tmp_path / "hostile.json"
    hostile.write_text(json.dumps(data), encoding="utf-8")
    for command in ("replay", "recheck"):
        code, text = said(capfd, command, str(hostile), *(() if command == "replay" else DATED))
        assert code == 1
        assert "red" in text
        assert not {"\x1b", "\u202e"} & set(text)


def test_a_model_of_a_configuration_file_is_kept_with_the_plan(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The file may be gone when the plan is made again."""
    config = {
        "model_type": "llama",
        "hidden_size": 4096,
        "intermediate_size": 14336,
        "num_hidden_layers": 30,
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
        "vocab_size": 128256,
    }
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    answers = tmp_path / "answers.yaml"
    answers.write_text(
        "model: config.json\nanswers:\n  problem_type: llm_app_rag\n  peak_rps: 7.123456789\n",
        encoding="utf-8",
    )
    plan = tmp_path / "plan.json"
    assert run("recommend", str(answers), "--json", "-o", str(plan), "--as-of", DAY) == 0
    (tmp_path / "config.json").unlink()
    assert _data(plan)["model_shape"]["layers"] == 30
    assert said(capfd, "replay", str(plan))[0] == 0


def test_replay_names_the_entries_that_changed_and_what_they_change(
    capfd: pytest.CaptureFixture[str],
) -> None:
    code, text = said(capfd, "replay", str(SCENARIOS / "lora-startup.plan.json"), "--pack", ACME)
    assert code == 1
    assert "instances, changed: aws-g6e.xlarge" in text
    assert "rules, new: ACME-LIFE-001, ACME-LIFE-002" in text
    assert "rules, gone: LIFE-056" not in text  # the entry stands; the pack's rule replaces it
    assert "Packs: none then, acme 2026-11 now." in text
    assert "A month: $" in text


def test_replay_says_where_a_file_was_edited(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    data = _data(SCENARIOS / "churn.plan.json")
    data["considerations"]["cost"]["asked"] = "nothing"
    edited = tmp_path / "edited.json"
    edited.write_text(json.dumps(data), encoding="utf-8")
    code, text = said(capfd, "replay", str(edited))
    assert code == 1
    assert "The library is the same" in text
    assert "considerations.cost.asked: nothing -> " in text


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("answers: {}", "this is no JSON"),
        ("[]", "this holds no plan"),
        ('{"schema_version": "1.1", "decisions": {}, "library": {}}', "'rules' is missing"),
    ],
)
def test_what_is_no_plan_is_refused_in_one_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], text: str, wrong: str
) -> None:
    path = tmp_path / "plan.json"
    path.write_text(text, encoding="utf-8")
    assert run("replay", str(path)) == 2
    error = capfd.readouterr().err
    assert wrong in error
    assert str(path) in error
    assert "recommend --format json" in error


def test_plans_from_before_entries_were_noted_can_be_read() -> None:
    data = _data(SCENARIOS / "churn.plan.json")
    del data["library"]["contents"], data["model_shape"]
    assert plan_of(data).decisions["approach"].chosen == "ml"


def test_differing_places_are_found() -> None:
    before = {"a": [1, {"b": 2}], "c": "x", "d": [1]}
    after = {"a": [1, {"b": 3}], "d": [1, 2]}
    assert list(differing_paths(before, after)) == [
        "a[1].b: 2 -> 3",
        "c: x -> nothing",
        "d: 1 entries -> 2 entries",
    ]


def test_compare_tells_differences_first_and_then_what_is_the_same(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    plan, other = SCENARIOS / "chat-70b-eu.plan.json", tmp_path / "busier.yaml"
    answers = (SCENARIOS / "chat-70b-eu.yaml").read_text(encoding="utf-8")
    assert "peak_rps: 40" in answers
    other.write_text(answers.replace("peak_rps: 40", "peak_rps: 400"), encoding="utf-8")
    asked = ("compare", str(plan), str(other), "--as-of", DAY)
    code, text = said(capfd, *asked)
    assert code == 0
    assert text.index("Answers") < text.index("Sizes") < text.index("Cost")
    assert text.index("Cost") < text.index("The same on both sides")
    assert "40 requests/s -> 400 requests/s" in text
    told = json.loads(said(capfd, *asked, "--json")[1])
    assert [change["id"] for change in told["differences"]["answers"]] == ["peak_rps"]
    assert told["same"]["answers"] > 50
    markdown = said(capfd, *asked, "--format", "md")[1]
    assert "| Peak requests per second (or predictions per day)? | 40 requests/s |" in markdown


def test_a_file_compared_with_itself_differs_in_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    churn = str(SCENARIOS / "churn.plan.json")
    code, text = said(capfd, "compare", churn, churn)
    assert code == 0
    assert "Both recommend the same." in text
    assert " -> " not in text


def test_a_changed_price_shows_in_compare(
    dear_later: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    scenario = SCENARIOS / "lora-startup"
    asked = ("compare", f"{scenario}.plan.json", f"{scenario}.yaml", "--as-of", DAY)
    same = json.loads(said(capfd, *asked, "--json")[1])["differences"]
    assert not any(same[part] for part in ("decisions", "cost", "library"))
    packed = json.loads(said(capfd, *asked, "--json", "--pack", str(dear_later))[1])["differences"]
    assert "month" in {change["id"] for change in packed["cost"]}
    assert "instances:aws-g6e.xlarge" in {change["id"] for change in packed["library"]}


def test_advice_stands_where_nothing_moved(capfd: pytest.CaptureFixture[str]) -> None:
    code, text = said(
        capfd, "recheck", str(SCENARIOS / "hospital-imaging.plan.json"), "--as-of", DAY
    )
    assert code == 0
    assert "the advice stands" in text
    assert "past their shelf life" in text


def test_a_price_that_takes_effect_flips_a_decision_and_is_named(
    tmp_path: Path, dear_later: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    plan, pack = str(tmp_path / "plan.json"), ("--pack", str(dear_later))
    answers = str(SCENARIOS / "lora-startup.yaml")
    assert run("recommend", answers, "--json", "-o", plan, "--as-of", DAY, *pack) == 0
    machine = _data(Path(plan))["hardware"]["serving"]["instance"]
    assert machine == "g6e.xlarge"
    assert run("recheck", plan, "--as-of", "2027-02-28", *pack) == 0
    capfd.readouterr()
    code, text = said(capfd, "recheck", plan, "--as-of", "2027-03-01", "--json", *pack)
    found = json.loads(text)
    assert code == 1
    assert not found["stands"]
    flips = {f["change"]["id"]: f for f in found["flips"]}
    flip = flips["serving_accelerator"]
    assert flip["doing"] == "the day"
    price = "price of aws-g6e.xlarge (us): $0.300 an hour of 2026-10-01 -> $30.000 of 2027-03-01"
    assert price in flip["moved"]
    assert found["prices"] == [price]


def test_a_rule_that_flips_a_decision_is_named(capfd: pytest.CaptureFixture[str]) -> None:
    plan = str(SCENARIOS / "chat-70b-eu.plan.json")
    code, text = said(capfd, "recheck", plan, "--as-of", DAY, "--pack", ACME, "--json")
    assert code == 1
    (flip,) = json.loads(text)["flips"]
    assert flip["change"]["id"] == "orchestrator"
    assert flip["doing"] == "the library"
    assert "rules ACME-LIFE-002 is new" in flip["moved"]


def test_law_that_comes_into_force_shows_in_the_controls(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    plan = str(tmp_path / "plan.json")
    answers = tmp_path / "answers.yaml"
    text = (SCENARIOS / "chat-70b-eu.yaml").read_text(encoding="utf-8")
    answers.write_text(text.replace("6_to_24_months", "under_6_months"), encoding="utf-8")
    assert run("recommend", str(answers), "--json", "-o", plan, "--as-of", "2024-01-02") == 0
    capfd.readouterr()
    _, told = said(capfd, "recheck", plan, "--as-of", DAY, "--json")
    gained = {c["id"] for c in json.loads(told)["differences"]["controls"] if c["after"]}
    assert gained, "no clause of the AI Act came into force between 2024 and 2026"
