"""Our frozen dataclasses do what those of the standard library do."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Mapping
from dataclasses import FrozenInstanceError, asdict, field, fields, replace
from dataclasses import dataclass as standard
from typing import Any

import pytest

from advisor import frozen
from advisor.frozen import dataclass

Make = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Point:
    """A value at the top of a module, as pickle wants it."""

    x: float
    names: tuple[str, ...] = ("a",)
    notes: Mapping[str, int] = field(default_factory=dict, hash=False)
    seen: int = field(default=0, compare=False)
    double: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "double", 2 * self.x)


def like_point(make: Make) -> Any:
    body = {
        "__annotations__": {"x": "float", "notes": "dict", "seen": "int"},
        "notes": field(default_factory=dict, hash=False),
        "seen": field(default=0, compare=False),
    }
    return make(frozen=True, slots=True)(type("Point", (), dict(body)))


@pytest.mark.parametrize("make", [standard, dataclass], ids=["standard", "ours"])
def test_both_compare_hash_print_and_copy_alike(make: Make) -> None:
    cls = like_point(make)
    one, other = cls(1.0), cls(x=1, notes={"n": 2}, seen=3)
    assert one == cls(1.0, seen=9)
    assert one != other
    assert hash(one) == hash(cls(1.0, {"n": 2}))
    assert one != like_point(make)(1.0)
    assert repr(other) == "Point(x=1, notes={'n': 2}, seen=3)"
    assert asdict(replace(other, x=5)) == {"x": 5, "notes": {"n": 2}, "seen": 3}
    assert cls.__match_args__ == tuple(f.name for f in fields(cls)) == ("x", "notes", "seen")
    assert one.notes is not cls(1.0).notes
    assert not hasattr(one, "__dict__")


@pytest.mark.parametrize("make", [standard, dataclass], ids=["standard", "ours"])
def test_both_refuse_changes_and_wrong_arguments(make: Make) -> None:
    value = like_point(make)(1.0)
    with pytest.raises(FrozenInstanceError):
        value.x = 2.0
    with pytest.raises(FrozenInstanceError):
        del value.x
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'x'"):
        type(value)()
    with pytest.raises(TypeError, match="unexpected keyword argument 'y'"):
        type(value)(1.0, y=2)


def test_values_are_pickled_copied_and_completed() -> None:
    point = Point(1.5, seen=4)
    for twin in (pickle.loads(pickle.dumps(point)), copy.deepcopy(point)):
        assert twin == point
        assert (twin.double, twin.seen) == (3.0, 4)
    assert replace(point, x=2.0).double == 4.0


def test_values_are_made_anew_as_the_standard_library_does() -> None:
    point = Point(1.5, ("b",), {"n": 2}, 4)
    for changes in ({}, {"x": 2.0}, {"notes": {}, "seen": 0}, {"names": ()}):
        ours, theirs = frozen.replace(point, **changes), replace(point, **changes)
        assert [getattr(ours, f.name) for f in fields(ours)] == [
            getattr(theirs, f.name) for f in fields(theirs)
        ]
    assert point.x == 1.5
    with pytest.raises(TypeError, match="unexpected keyword argument 'double'"):
        frozen.replace(point, double=1.0)  # worked out of the others
    assert frozen.replace(like_point(standard)(1.0), x=2.0).x == 2.0


def test_a_class_keeps_its_own_comparison_or_none() -> None:
    def always(self: object, other: object) -> bool:
        return True

    named = {"__annotations__": {"x": "int"}, "__eq__": always, "__hash__": lambda _: 7}
    own: Any = dataclass(frozen=True, slots=True)(type("Own", (), dict(named)))
    assert own(1) == own(2)
    assert hash(own(1)) == 7
    same: Any = dataclass(frozen=True, slots=True, eq=False)(
        type("Same", (), {"__annotations__": {"x": "int"}})
    )
    assert same(1) != same(1)


def test_only_frozen_classes_with_slots_are_made() -> None:
    with pytest.raises(TypeError, match="only frozen dataclasses with slots"):
        dataclass(frozen=False, slots=True)
