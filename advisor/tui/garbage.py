"""Looking for garbage: seldom while everything is read, often and briefly once it stays.

Closed boxes are garbage that only the collector finds. The library, the rules and the first plan
are three times what an hour of answering leaves; they are taken out of its sight, so that looking
takes a few milliseconds and the memory does not grow.
"""

from __future__ import annotations

import contextlib
import gc

from textual._styles_cache import StylesCache

YOUNG = 25_000
"""New objects after which garbage is looked for among them: a dozen answers leave as many."""
ALL, YOUNGER = 2, 1
"""Generations that are looked through: between studies, and after a box, which is young."""
CLOSED_S = 0.2
"""Time after which a closed box is nowhere on the screen any more."""


def settle() -> None:
    """Keep what is there for good, and look for garbage among what comes from now on."""
    gc.collect()
    gc.freeze()
    gc.collect()  # counts anew what is old: a full search waits for a quarter more than that
    gc.set_threshold(YOUNG, 1, 1)


def give_back(generation: int = ALL) -> None:
    """Let the system have the memory that nothing uses any more.

    Reading rules and making plans frees pages in the heap of every thread, which the C library
    of Linux keeps unless it is told.
    """
    import ctypes  # noqa: PLC0415  (numpy brings it after the first question)

    gc.collect(generation)
    with contextlib.suppress(AttributeError, OSError, TypeError):  # other systems have it not
        ctypes.CDLL(None).malloc_trim(0)


def forget_painted() -> None:
    """Let go of the painted lines of closed boxes.

    Textual 8.2 remembers two colours for each widget under the widget's whole cache of lines, up
    to a thousand of them (`lru_cache` on a method), which keeps those lines for good.
    """
    StylesCache.get_inner_outer.cache_clear()
