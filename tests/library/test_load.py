"""Loading: one library or every problem, compiled once, packs laid over it in order."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from advisor.errors import LibraryError
from advisor.library import cache, opening
from advisor.library.load import Library, load_library
from advisor.library.locate import library_root
from tests.library.rule_files import without_cases

HEADER = "# yaml-language-server: $schema=../schema/{}.schema.json\n"


def write(root: Path, path: str, kind: str, data: Any) -> Path:
    """Write a file of a library and return its path."""
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(HEADER.format(kind) + json.dumps(data, indent=1), encoding="utf-8")
    return target


def small_rule(id_: str, **changes: Any) -> dict[str, Any]:
    """Return a rule on the class of small teams."""
    fires = {"name": "fires", "given": [{"class": {"id": "small_team"}}], "fires": [{}]}
    silent = {"name": "stays silent", "given": [{"class": {"id": "no_ml"}}], "fires": []}
    own = {"when": [{"class": {"id": "small_team"}}], "cases": [fires, silent]}
    return without_cases(id=id_, **{**own, **changes})


def value(number: float) -> dict[str, Any]:
    """Return a parameter of the policy."""
    return {
        "value": number,
        "unit": "x",
        "meaning": "m",
        "source": "s",
        "as_of": "2026",
        "evidence": "recalled",
    }


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a library of one rule, with its own cache."""
    place = tmp_path / "library"
    write(place, "knowledge/policy.yaml", "policy", {"serving": {"min_batch": value(4)}})
    write(
        place,
        "knowledge/vocabulary.yaml",
        "vocabulary",
        {"classes": {"small_team": "m", "no_ml": "m"}, "needs": {"baa": "m"}, "duties": {}},
    )
    write(
        place,
        "rules/compliance/a.yaml",
        "rules",
        {"topic": "a topic", "rules": [small_rule("COMP-001")]},
    )
    question = {
        "id": "existing_tools",
        "section": "team",
        "order": 1,
        "text": "t",
        "help": "h",
        "find_out": "f",
        "why": "w",
        "type": "multi",
        "unknown": {"note": "n"},
        "depth": "quick",
        "considerations": ["cost"],
        "groups": ["all"],
        "effort": 1,
        "options": [{"id": "ray", "label": "r"}, {"id": "none", "label": "n"}],
    }
    write(place, "knowledge/questions/team.yaml", "questions", {"questions": [question]})
    monkeypatch.setattr(opening, "library_root", lambda: place)
    monkeypatch.setattr(cache, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.delenv("ADVISOR_NO_CACHE", raising=False)
    return place


def ids(library: Library) -> list[str]:
    return [rule.id for rule in library.rules]


def test_a_small_library_loads_and_has_a_fingerprint(root: Path) -> None:
    library = load_library()
    assert ids(library) == ["COMP-001"]
    assert library.policy.number("serving.min_batch") == 4
    assert len(library.fingerprint) == 16


def test_the_compiled_library_is_the_same_as_the_one_read_anew(root: Path) -> None:
    cold = load_library()
    assert list((root.parent / "cache").glob("library-*"))
    assert load_library() == cold
    assert load_library().rules[0].when[0].place == cold.rules[0].when[0].place


def test_an_interview_opens_with_the_questions_of_the_library_that_it_plans_with(
    root: Path,
) -> None:
    for packs in ((), (pack(root, "acme", small_rule("ACME-COMP-001")),)):
        compiled = opening.opening(packs)
        assert compiled.library is not None
        warm = opening.opening(packs)
        assert warm == replace(compiled, library=None)
        assert warm == replace(opening.opening_of(load_library(packs)), library=None)
    for path in (root.parent / "cache").glob("opening-*"):
        path.write_bytes(b"{}")
    assert opening.opening().library is not None


def test_cases_come_where_they_are_asked_for_and_only_there(root: Path) -> None:
    cold, warm = load_library(cases=True), load_library(cases=True)
    assert [case.given for case in warm.rules[0].cases] == [c.given for c in cold.rules[0].cases]
    assert [case.name for case in warm.rules[0].cases] == ["fires", "stays silent"]
    assert load_library().rules[0].cases == ()


def test_any_change_of_a_file_changes_the_fingerprint_and_is_seen(root: Path) -> None:
    before = load_library()
    write(root, "knowledge/policy.yaml", "policy", {"serving": {"min_batch": value(5)}})
    after = load_library()
    assert after.fingerprint != before.fingerprint
    assert after.policy.number("serving.min_batch") == 5


def test_fitted_constants_count_for_the_fingerprint(root: Path) -> None:
    before = load_library()
    (root / "knowledge/calibration").mkdir()
    (root / "knowledge/calibration/training.yaml").write_text("values: {a: 1}\n")
    assert load_library().fingerprint != before.fingerprint


@pytest.mark.parametrize("damage", [b"", b"{", b"0" * 64 + b"\n[]", b"\x00\xff"])
def test_a_damaged_cache_is_built_again(root: Path, damage: bytes) -> None:
    cold = load_library()
    for path in (root.parent / "cache").iterdir():
        path.write_bytes(damage)
    assert load_library() == cold
    assert load_library(cases=True).rules[0].cases


def test_a_truncated_or_altered_cache_is_built_again(root: Path) -> None:
    cold = load_library()
    (path,) = (root.parent / "cache").glob("library-*")
    raw = path.read_bytes()
    for changed in (raw[:-5], raw.replace(b"small_team", b"small_tean")):
        path.write_bytes(changed)
        assert load_library() == cold
        assert path.read_bytes() != changed


class Foreign:
    """A class of somebody else."""


@pytest.mark.parametrize("content", [Foreign(), Foreign, len, os.system, [Path("x")]])
def test_nothing_but_values_of_our_own_is_read_from_the_cache(root: Path, content: object) -> None:
    cold = load_library()
    for part in ("library", "cases", opening.PART):
        (path,) = (root.parent / "cache").glob(f"{part}-*")
        body = pickle.dumps(content)
        path.write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        assert cache.read(path.stem.removeprefix(f"{part}-"), part) is None
    assert load_library() == cold


def test_forms_of_earlier_programs_are_forgotten(root: Path) -> None:
    folder = root.parent / "cache"
    folder.mkdir()
    for number in range(cache.MOST_KEPT + 3):
        old = folder / f"library-{number}.old"
        old.write_bytes(b"")
        os.utime(old, (number, number))
    load_library()
    assert len(list(folder.glob("library-*"))) == cache.MOST_KEPT


def test_no_cache_is_written_where_it_is_switched_off(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADVISOR_NO_CACHE", "1")
    load_library()
    assert not (root.parent / "cache").exists()


def test_a_cache_that_cannot_be_written_is_no_error(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = root.parent / "file"
    blocked.write_text("")
    monkeypatch.setattr(cache, "cache_folder", lambda: blocked / "cache")
    assert ids(load_library()) == ["COMP-001"]


def test_problems_of_all_files_come_at_once_and_nothing_is_cached(root: Path) -> None:
    write(
        root,
        "rules/compliance/b.yaml",
        "rules",
        {"topic": "a topic", "rules": [small_rule("COMP-002", when=[{"class": {"idd": "x"}}])]},
    )
    write(root, "knowledge/vocabulary.yaml", "vocabulary", {"classes": {}, "needs": {}})
    (root / "rules/compliance/c.yaml").write_text("topic: [")
    with pytest.raises(LibraryError) as caught:
        load_library()
    said = str(caught.value)
    assert "rules/compliance/c.yaml:" in said
    assert "knowledge/vocabulary.yaml:2:1: E202: the field 'duties' is missing; add it" in said
    assert not (root.parent / "cache").exists()


def test_a_file_must_say_in_its_first_line_what_it_holds(root: Path) -> None:
    (root / "rules/compliance/a.yaml").write_text("topic: a\n")
    with pytest.raises(LibraryError, match="E206: the first line does not name a schema"):
        load_library()


def pack(root: Path, id_: str, *rules: dict[str, Any]) -> Path:
    folder = root.parent / id_
    folder.mkdir()
    (folder / "pack.yaml").write_text(json.dumps({"id": id_, "version": "1.0"}))
    if rules:
        write(folder, "rules/compliance/own.yaml", "rules", {"topic": "own", "rules": list(rules)})
    return folder


def test_a_pack_adds_and_replaces_rules_under_its_prefix(root: Path) -> None:
    folder = pack(
        root, "acme", small_rule("ACME-COMP-001", replaces="COMP-001"), small_rule("ACME-COMP-002")
    )
    library = load_library([folder])
    assert ids(library) == ["ACME-COMP-001", "ACME-COMP-002"]
    assert [(p.id, p.version) for p in library.packs] == [("acme", "1.0")]


def test_the_last_of_two_packs_sets_the_policy(root: Path) -> None:
    one, two = pack(root, "one"), pack(root, "two")
    for folder, number in ((one, 8), (two, 16)):
        write(folder, "knowledge/p.yaml", "policy", {"serving": {"min_batch": value(number)}})
    assert load_library([one, two]).policy.number("serving.min_batch") == 16
    assert load_library([two, one]).policy.number("serving.min_batch") == 8


def test_an_entry_that_a_pack_states_again_is_replaced(root: Path) -> None:
    meaning = {"id": "canary", "name": "canary", "meaning": "built in"}
    write(root, "knowledge/practices.yaml", "practices", {"practices": [meaning]})
    folder = pack(root, "acme")
    write(
        folder,
        "knowledge/practices.yaml",
        "practices",
        {"practices": [{**meaning, "meaning": "ours"}]},
    )
    assert load_library([folder]).practices["canary"].meaning == "ours"
    assert load_library().practices["canary"].meaning == "built in"


@pytest.mark.parametrize("id_", ["COMP-001", "OTHER-COMP-001"])
def test_rules_of_a_pack_need_its_prefix(root: Path, id_: str) -> None:
    with pytest.raises(LibraryError, match=r"E140: rules.0.id: .* must start with 'ACME-'"):
        load_library([pack(root, "acme", small_rule(id_))])


def test_built_in_rules_take_no_prefix(root: Path) -> None:
    write(
        root,
        "rules/compliance/a.yaml",
        "rules",
        {"topic": "a topic", "rules": [small_rule("ACME-COMP-001")]},
    )
    with pytest.raises(LibraryError, match="must start with its area alone"):
        load_library()


def test_an_id_stands_once_in_all_files(root: Path) -> None:
    write(
        root,
        "rules/compliance/b.yaml",
        "rules",
        {"topic": "a topic", "rules": [small_rule("COMP-001")]},
    )
    with pytest.raises(LibraryError, match=r"b.yaml:\d+:\d+: E120: COMP-001: the id is taken at"):
        load_library()


def test_what_a_pack_replaces_must_exist(root: Path) -> None:
    folder = pack(root, "acme", small_rule("ACME-COMP-001", replaces="COMP-999"))
    with pytest.raises(LibraryError, match="E141: ACME-COMP-001: replaces COMP-999, which does"):
        load_library([folder])


def test_a_folder_without_pack_yaml_is_named(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match=r"pack.yaml: E200: No such file"):
        load_library([tmp_path])


WARM = """
import sys
from advisor.library.load import load_library
load_library()
sys.exit("jsonschema" in sys.modules)
"""


def test_a_warm_start_needs_no_schema_validator(tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path), "PYTHONPATH": "."}
    environment.pop("ADVISOR_NO_CACHE", None)
    codes = [
        subprocess.run(
            [sys.executable, "-c", WARM], cwd=library_root(), env=environment, check=False
        ).returncode
        for _ in range(2)
    ]
    assert codes == [1, 0]
