"""What an index of vectors takes that is searched in memory: gibibytes and processors."""

from __future__ import annotations

from advisor.domain.hardware import GIB
from advisor.domain.interval import Interval

FULL, EIGHT_BITS, ONE_BIT = 4.0, 1.0, 0.125
"""Bytes of a number as it is, and quantised."""
LINKS, LINK_BYTES = 16, 16.0
"""Neighbours of a vector in the graph, and bytes of each."""
HEADROOM, COPIES_IN_WORK = 1.2, 1.5


def index_gib(vectors: float, dimensions: float, *, compressed: bool = False) -> Interval:
    """Return the memory of one copy of an index.

    Likely are 32-bit numbers with a graph, low eight-bit ones: vectors x (dimensions x bytes +
    16 links x 16 bytes) x 1.2 (ScyllaDB, vector search sizing). High is vectors x dimensions x 4
    bytes x 1.5, which holds segments that are being rebuilt (Qdrant, capacity planning). Where
    vectors are compressed, eight bits are likely (Elasticsearch's default until 9.1), one bit is
    low (its default since) and whole numbers are high.
    """
    widths = (ONE_BIT, EIGHT_BITS, FULL) if compressed else (EIGHT_BITS, FULL)
    low, likely, *whole = (_graph(vectors, dimensions, width) for width in widths)
    rebuilt = vectors * dimensions * FULL * COPIES_IN_WORK
    high = max(likely, *(whole or (rebuilt,)))
    return Interval(low / GIB, likely / GIB, high / GIB)


def _graph(vectors: float, dimensions: float, width: float) -> float:
    return vectors * (dimensions * width + LINKS * LINK_BYTES) * HEADROOM
