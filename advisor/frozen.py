"""Frozen dataclasses that are quick to make.

A command starts with some 270 of them. `dataclasses` writes the source of six functions for each
and compiles it: 0.15 s of CPU, a fifth of a recommendation. Here those that compare, hash and print
are shared, and the constructor is written when the first value is made. So is `replace`: that of
`dataclasses` goes through the fields one by one and takes three times as long, and a changed answer
makes some hundred options. Fields, `asdict` and matching are those of `dataclasses`.
"""

from __future__ import annotations

import dataclasses
import operator
from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414  (what type checkers know)
    from dataclasses import replace as replace  # noqa: PLC0414
else:

    def replace(value: Any, /, **changes: Any) -> Any:
        """Return a dataclass's value with some of its fields changed."""
        remake = getattr(value, "__replace__", None)
        return remake(**changes) if remake else dataclasses.replace(value, **changes)

    def dataclass(
        *, frozen: bool, slots: bool, eq: bool = True, order: bool = False
    ) -> Callable[[type], type]:
        """Return the decorator that `dataclasses.dataclass(frozen=True, slots=True)` would be."""
        if not (frozen and slots):
            raise TypeError("only frozen dataclasses with slots; `dataclasses` has the others")
        outline = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True)
        return lambda cls: _completed(outline(cls), ORDERED if order else EQUAL if eq else ())


EQUAL = ("eq",)
ORDERED = ("eq", "lt", "le", "gt", "ge")


def _completed(cls: Any, comparisons: tuple[str, ...]) -> Any:
    """Return a class that has its fields and slots with the methods of a frozen dataclass."""
    methods = {**_SHARED, "__init__": _first_constructor(cls), "__replace__": _first_remaker(cls)}
    if comparisons:
        methods |= _comparing(dataclasses.fields(cls), comparisons)
    for name, method in methods.items():
        if vars(cls).get(name) is None:  # Python puts None for the hash of a class with __eq__
            setattr(cls, name, method)
    return cls


# --- the constructor ----------------------------------------------------------------------


def _first_constructor(cls: Any) -> Callable[..., None]:
    def construct(self: Any, *values: Any, **named: Any) -> None:
        cls.__init__ = _constructor(cls)
        cls.__init__(self, *values, **named)

    return construct


def _constructor(cls: Any) -> Any:
    """Return the function that fills the slots, written out and compiled."""
    fields = dataclasses.fields(cls)
    known: dict[str, Any] = {"MADE": object()}
    head, body = ["self"], []
    for field in fields:
        if not field.init:  # filled by __post_init__
            continue
        name, value = field.name, field.name
        known[f"set_{name}"] = getattr(cls, name).__set__
        if field.default_factory is not dataclasses.MISSING:
            known[f"make_{name}"] = field.default_factory
            head.append(f"{name}=MADE")
            value = f"make_{name}() if {name} is MADE else {name}"
        elif field.default is not dataclasses.MISSING:
            known[f"default_{name}"] = field.default
            head.append(f"{name}=default_{name}")
        else:
            head.append(name)
        body.append(f"    set_{name}(self, {value})")
    if hasattr(cls, "__post_init__"):
        body.append("    self.__post_init__()")
    text = "\n".join([f"def __init__({', '.join(head)}):", *(body or ["    pass"])])
    exec(text, known)  # noqa: S102  (names of fields alone, as `dataclasses` does)
    return known["__init__"]


# --- the same with changes ----------------------------------------------------------------


def _first_remaker(cls: Any) -> Callable[..., Any]:
    def remake(self: Any, **changes: Any) -> Any:
        cls.__replace__ = _remaker(cls)
        return cls.__replace__(self, **changes)

    return remake


def _remaker(cls: Any) -> Any:
    """Return the function that makes a value anew, written out and compiled."""
    names = [field.name for field in dataclasses.fields(cls) if field.init]
    given = "".join(f", {name}=KEPT" for name in names)
    values = ", ".join(f"{n}=self.{n} if {n} is KEPT else {n}" for n in names)
    known: dict[str, Any] = {"KEPT": object(), "made": cls}
    star = ", *" if names else ""
    text = f"def __replace__(self{star}{given}):\n    return made({values})"
    exec(text, known)  # noqa: S102  (names of fields alone, as `dataclasses` does)
    return known["__replace__"]


# --- comparing, hashing, printing ---------------------------------------------------------


def _comparing(
    fields: tuple[dataclasses.Field[Any], ...], comparisons: tuple[str, ...]
) -> dict[str, Any]:
    compared = _values(f.name for f in fields if f.compare)
    hashed = _values(f.name for f in fields if (f.compare if f.hash is None else f.hash))
    methods = {f"__{name}__": _compares(getattr(operator, name), compared) for name in comparisons}
    return {**methods, "__hash__": lambda self: hash(hashed(self))}


def _compares(compare: Callable[[Any, Any], bool], values: Callable[[Any], Any]) -> Any:
    def method(self: Any, other: Any) -> Any:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return compare(values(self), values(other))

    return method


def _values(names: Iterator[str]) -> Callable[[Any], Any]:
    """Return what reads some fields of a value: none, one or a tuple of them."""
    wanted = tuple(names)
    return attrgetter(*wanted) if wanted else lambda _: ()


def _print(self: Any) -> str:
    shown = (f"{f.name}={getattr(self, f.name)!r}" for f in dataclasses.fields(self) if f.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _refuse(self: Any, name: str, *_value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"{type(self).__name__}.{name} cannot be changed")


def _remade(self: Any) -> tuple[Any, tuple[Any, ...]]:
    """Return how a value is pickled and copied: its class, called with what it was made of."""
    made_of = (getattr(self, f.name) for f in dataclasses.fields(self) if f.init)
    return type(self), tuple(made_of)


_SHARED = {
    "__repr__": _print,
    "__setattr__": _refuse,
    "__delattr__": _refuse,
    "__reduce__": _remade,
}
