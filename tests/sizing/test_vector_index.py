"""Memory of a vector index, against the formulas of two vendors."""

from __future__ import annotations

import pytest

from advisor.domain.hardware import GIB
from advisor.sizing.vector_index import index_gib


def test_a_million_vectors_take_what_the_vendors_say() -> None:
    found = index_gib(1e6, 1024)
    assert found.high == pytest.approx(5.72, abs=0.01)  # Qdrant's own example
    assert found.likely == pytest.approx(1e6 * (1024 * 4 + 256) * 1.2 / GIB)
    assert found.low < found.likely / 3


@pytest.mark.parametrize("dimensions", [96, 384, 768, 1536, 3072])
def test_the_ends_stay_in_order_and_grow_with_the_vectors(dimensions: int) -> None:
    one, two = index_gib(1e6, dimensions), index_gib(2e6, dimensions)
    assert one.low < one.likely <= one.high
    assert two.likely == pytest.approx(2 * one.likely)


def test_compressed_vectors_take_what_the_low_end_of_whole_ones_does() -> None:
    whole, compressed = index_gib(1e8, 768), index_gib(1e8, 768, compressed=True)
    assert compressed.likely == whole.low
    assert compressed.low < compressed.likely < compressed.high == whole.likely
