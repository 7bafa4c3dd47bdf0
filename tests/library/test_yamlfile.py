"""Strict YAML: what is read, what is refused, and where messages point."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.errors import InputError, LibraryError, Place
from advisor.library.files import MAX_BYTES
from advisor.library.yamlfile import Document, Ids, parse, read

IDS = Ids("E300")


def data(text: str) -> Any:
    return parse(text.encode(), IDS, "f.yaml").data


def refusal(raw: bytes) -> str:
    with pytest.raises(InputError) as caught:
        parse(raw, IDS, "f.yaml")
    return str(caught.value)


def test_scalars_follow_yaml_1_2() -> None:
    text = "{a: NO, b: 12:30, c: 2026-01-10, d: yes, e: 1_000, f: '5', g: 0x1F}"
    assert data(text) == {
        "a": "NO",
        "b": "12:30",
        "c": "2026-01-10",
        "d": "yes",
        "e": "1_000",
        "f": "5",
        "g": "0x1F",
    }
    assert data("[1, -2, +3, 1.5, .5, 1e3, 1., true, null, ~]") == [
        1,
        -2,
        3,
        1.5,
        0.5,
        1000.0,
        1.0,
        True,
        None,
        None,
    ]


def test_json_is_read_with_its_positions() -> None:
    document = parse(b'{"answers": {"a": [1, 2],\n\t"b": "x"}}', IDS, "f.json")
    assert document.data == {"answers": {"a": [1, 2], "b": "x"}}
    assert document.place(("answers", "b")) == Place("f.json", 2, 2)
    assert parse(json.dumps(["\U0001f600"]).encode(), IDS, "f.json").data == ["\U0001f600"]


def test_positions_are_those_of_keys_and_items() -> None:
    document = parse(b"- Workload: {phaze: 1}\n  x: [a, b]\n", IDS, "f")
    assert document.place((0, "Workload", "phaze")) == Place("f", 1, 14)
    assert document.place((0, "x", 1)) == Place("f", 2, 10)
    assert document.place((0, "x", 7, "no")) == Place("f", 2, 3)


def test_a_document_without_marks_points_at_the_file() -> None:
    assert Document("f", {"a": 1}).place(("a",)) == Place("f")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "f.yaml: E300: the file is empty"),
        (b"\n \n", "f.yaml: E300: the file is empty"),
        (b"# only this\n", "f.yaml: E300: the file holds nothing but comments"),
        (b"\x00\x01\x02", "f.yaml: E300: this is a binary file"),
        (b"a: 1\nb: \xff\n", "f.yaml:2:4: E300: this is not UTF-8 text"),
        (b"a: [1, 2\n", "f.yaml:2:1: E300: not valid YAML"),
        (b"a: 'open", "E300: not valid YAML"),
        (b"a:\n\tb: 1\n", "f.yaml:2:1: E300: a tab stands where YAML wants spaces"),
        (b"a: 1\na: 2\n", "f.yaml:2:1: E300: a: 'a' stands here twice; keep one"),
        (b"a: 010", "f.yaml:1:4: E300: a: 010 is ambiguous"),
        (b"a: .nan", "f.yaml:1:4: E300: a: .nan is not a finite number"),
        (b"a: -.inf", "f.yaml:1:4: E300: a: -.inf is not a finite number"),
        (b'{"a": NaN}', "f.yaml:1:7: E300: a: NaN is not a finite number"),
        (b'{"a": -Infinity}', "a: -Infinity is not a finite number"),
        (b"a: 1e999", "a: 1e999 is too large for a number"),
        (b"a: !!python/object:os.system x", "f.yaml:1:4: E300: a: the tag"),
        (b"--- a\n--- b\n", "f.yaml:2:1: E300: a second document starts here"),
        (b"? [a]\n: b", "a key must be a word"),
        (b"[" * 100_000, "f.yaml:1:41: E300: nested deeper than 40 levels"),
        (b"{a: " * 100_000, "nested deeper than 40 levels"),
        (b"a: \x07", "E300: not valid YAML"),
    ],
)
def test_what_a_reader_would_misjudge_is_refused_in_one_line(raw: bytes, said: str) -> None:
    message = refusal(raw)
    assert said in message
    assert "\n" not in message


def test_an_alias_bomb_is_refused_without_being_expanded() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 15)]
    message = refusal("\n".join(lines).encode())
    assert "f.yaml:1:5: E300: a0: the anchor &a0 is not allowed; write it out" in message
    assert "the alias *a0 is not allowed" in message


def test_ten_megabytes_are_refused_by_size_alone(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    path.write_bytes(b"a: 1\n" * 2_000_000)
    with pytest.raises(InputError, match=f"larger than {MAX_BYTES // 1_000_000} MB"):
        read(path, IDS)


def test_all_problems_of_a_file_come_at_once() -> None:
    message = refusal(b"a: .nan\nb: 007\nb: 1\n")
    assert [line.split(":")[1] for line in message.splitlines()] == ["1", "2", "3"]


def test_a_flood_of_problems_is_cut() -> None:
    lines = refusal(b"- !x 1\n" * 10_000).splitlines()
    assert len(lines) == 51
    assert any("too many problems" in line for line in lines)


@pytest.mark.parametrize("name", ["missing.yaml", ".", "nul\0.yaml"])
def test_a_path_that_cannot_be_read_is_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(LibraryError) as caught:
        read(tmp_path / name, Ids("E200", LibraryError), "named")
    assert str(caught.value).startswith("named: E200: ")


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_fail_otherwise(raw: bytes) -> None:
    with contextlib.suppress(InputError):
        parse(raw, IDS, "f")


@given(st.text(alphabet=" \n-:[]{}\"'&*!#|>%@,?a1.\t", max_size=60))
def test_no_punctuation_makes_the_reader_fail_otherwise(text: str) -> None:
    with contextlib.suppress(InputError):
        parse(text.encode(), IDS, "f")


LETTERS = st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=8)
SCALARS = st.none() | st.booleans() | st.integers(-(10**12), 10**12) | LETTERS


@given(st.recursive(SCALARS, lambda s: st.lists(s) | st.dictionaries(LETTERS, s), max_leaves=8))
def test_whatever_json_writes_is_read_back(value: Any) -> None:
    assert parse(json.dumps(value).encode(), IDS, "f").data == value
