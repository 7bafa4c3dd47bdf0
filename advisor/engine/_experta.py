"""The gate to experta 1.9.4: the only module that imports it.

As published, experta does not import on Python >= 3.10 (its `frozendict` 1.2 asks for
`collections.Mapping`), puts a handler on the root logger, and fires rules whose conditions no
longer hold, because its strategy looks for a retracted activation at three positions only. The
gate repairs the first two without leaving a trace; `TotalOrder` repairs the third.
"""

from __future__ import annotations

import bisect
import collections
import collections.abc
import importlib
import logging
from types import ModuleType
from typing import Any

from advisor.engine.values import order_key
from advisor.errors import LibraryError


def _import_experta() -> ModuleType:
    """Import experta and put back what that touches.

    Raises LibraryError where the installation is incomplete: experta hides a failed import of
    its own and would then be an empty module.
    """
    lacks_alias = not hasattr(collections, "Mapping")  # frozendict >= 2 does not need it
    handlers = list(logging.root.handlers)
    if lacks_alias:
        setattr(collections, "Mapping", collections.abc.Mapping)  # noqa: B010 (typed attribute)
    try:
        experta = importlib.import_module("experta")
    finally:
        if lacks_alias:
            delattr(collections, "Mapping")
        logging.root.handlers[:] = handlers
    if not hasattr(experta, "KnowledgeEngine"):
        raise LibraryError("experta: installed without its dependencies; run `pip install experta`")
    return experta


_experta = _import_experta()
_activation: Any = importlib.import_module("experta.activation")
_factlist: Any = importlib.import_module("experta.factlist")
_abstract: Any = importlib.import_module("experta.abstract")

KnowledgeEngine: Any = _experta.KnowledgeEngine
Fact: Any = _experta.Fact
FactList: Any = _factlist.FactList
Rule: Any = _experta.Rule
NOT: Any = _experta.NOT
TEST: Any = _experta.TEST
MATCH: Any = _experta.MATCH
P: Any = _experta.P
Activation: Any = _activation.Activation
Matcher: Any = _abstract.Matcher
Strategy: Any = _abstract.Strategy


class TotalOrder(Strategy):  # type: ignore[misc]  # experta is untyped
    """Agenda order without ties: salience, rule name, then what the rule was bound to.

    With ties experta's order differs from process to process, and removal misses entries.
    """

    def _update_agenda(self, agenda: Any, added: list[Any], removed: list[Any]) -> None:
        for activation in removed:
            _remove(agenda.activations, self.get_key(activation))
        for activation in added:
            self.get_key(activation)
        if added:
            agenda.activations.extend(added)
            agenda.activations.sort(key=_key)

    def get_key(self, activation: Any) -> Any:
        """Return the sort key of an activation and keep it on the activation."""
        if activation.key is None:
            activation.key = (
                activation.rule.salience,
                activation.rule.__name__,
                tuple(sorted((k, _value_key(v)) for k, v in activation.context.items())),
            )
        return activation.key


def _key(activation: Any) -> Any:
    return activation.key


def _value_key(value: Any) -> Any:
    return (2, value["__factid__"]) if isinstance(value, Fact) else order_key(value)


def _remove(activations: list[Any], key: Any) -> None:
    """Delete the entry with this key; one that has fired is no longer there."""
    at = bisect.bisect_left(activations, key, key=_key)
    if at < len(activations) and activations[at].key == key:
        del activations[at]
