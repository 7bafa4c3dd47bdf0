"""What an index of vectors takes that is searched in memory: gibibytes and processors."""

from __future__ import annotations

from advisor.domain.hardware import GIB
from advisor.domain.interval import Interval

FULL, EIGHT_BITS = 4.0, 1.0
"""Bytes of a number as it is, and quantised."""
LINKS, LINK_BYTES = 16, 16.0
"""Neighbours of a vector in the graph, and bytes of each."""
HEADROOM, COPIES_IN_WORK = 1.2, 1.5


def index_gib(vectors: float, dimensions: float) -> Interval:
    """Return the memory of one copy of an index.

    Likely are 32-bit numbers with a graph, low eight-bit ones: vectors x (dimensions x bytes +
    16 links x 16 bytes) x 1.2 (ScyllaDB, vector search sizing). High is vectors x dimensions x 4
    bytes x 1.5, which holds segments that are being rebuilt (Qdrant, capacity planning).
    """
    likely = _graph(vectors, dimensions, FULL)
    high = vectors * dimensions * FULL * COPIES_IN_WORK
    low = _graph(vectors, dimensions, EIGHT_BITS)
    return Interval(low / GIB, likely / GIB, max(likely, high) / GIB)


def _graph(vectors: float, dimensions: float, width: float) -> float:
    return vectors * (dimensions * width + LINKS * LINK_BYTES) * HEADROOM
