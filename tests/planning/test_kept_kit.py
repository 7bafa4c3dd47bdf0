"""What the rulebook comes to is kept between starts, and is what it would be worked out to."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest

from advisor.engine.compile import Groundwork
from advisor.library import cache
from advisor.library.load import load_library
from advisor.planning.kit import GROUNDWORK, Kit, kept_kit


@pytest.fixture
def cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder in which compiled files are kept."""
    monkeypatch.setattr(cache, "cache_folder", lambda: tmp_path)
    monkeypatch.delenv("ADVISOR_NO_CACHE", raising=False)
    return tmp_path


def test_the_kept_groundwork_is_the_one_worked_out_anew(cached: Path) -> None:
    library = load_library()
    fresh = Groundwork.of(Kit(library).program)
    assert not list(cached.glob(f"{GROUNDWORK}-*"))
    for _ in ("worked out and kept", "read"):
        program = kept_kit(library).program
        assert Groundwork.of(program) == fresh
        assert [fact.order for fact in program.base.values()] == [
            fact.order for fact in Kit(library).program.base.values()
        ]
    (kept,) = cached.glob(f"{GROUNDWORK}-*")
    kept.write_bytes(b"damaged")
    assert Groundwork.of(kept_kit(library).program) == fresh
    assert kept.read_bytes() != b"damaged"


def test_kept_measurements_are_those_of_the_files(cached: Path) -> None:
    library = load_library()
    read = Kit(library)
    for _ in ("worked out and kept", "read"):
        kept = kept_kit(library)
        assert kept.evidence == read.evidence
        assert kept.item_samples == read.item_samples
        assert kept.training_constants == read.training_constants
        assert asdict(kept.inference_constants) == asdict(read.inference_constants)
