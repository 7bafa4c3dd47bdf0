"""Verdicts of rules on candidates, read from the trace of the rule session."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field

from advisor.domain.plan import Reason
from advisor.domain.rule import Firing, RuleSpec, Scalar, Strength, Var
from advisor.frozen import dataclass
from advisor.planning.words import figure


@dataclass(frozen=True, slots=True)
class Verdict:
    """One rule's judgement of one candidate; `kind` is require, exclude, prefer or avoid.

    `area` is the consideration that the rule serves. `general` marks rules that judge the
    candidates of every decision by their attributes;
    `reason` is the verdict as a reason of the plan.
    """

    decision: str
    candidate: str
    kind: str
    rule: str
    strength: Strength
    text: str
    general: bool = False
    area: str = ""
    reason: Reason = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "reason", Reason(self.text, rule=self.rule))

    def says(self, other: Verdict) -> bool:
        """Return whether another verdict on the candidate says the same in the same words."""
        return (self.rule, self.kind, self.text) == (other.rule, other.kind, other.text)


def render(template: str, bindings: Iterable[tuple[str, Scalar]], names: Mapping[str, str]) -> str:
    """Return `because` with bound values filled in: ids by their display name, where they have
    one, numbers as people write them."""
    values = {k: names.get(v, v) if isinstance(v, str) else _Written(v) for k, v in bindings}
    return template.format(**values)


class _Written(float):
    """A number that is written as people write it where the template does not say how."""

    def __format__(self, spec: str) -> str:
        if self.is_integer():
            return format(int(self), spec or ",")
        return float.__format__(self, spec) if spec else figure(self, 6)


def verdicts_of(firing: Firing, rule: RuleSpec, text: str) -> tuple[Verdict, ...]:
    """Return the verdicts that a firing of a rule adds, said in `text`, each once."""
    found = [_verdict(dict(f.fields), rule, text) for f in firing.added if f.type == "verdict"]
    return tuple(found) if len(found) < 2 else tuple(dict.fromkeys(found))


def _verdict(fields: Mapping[str, Scalar], rule: RuleSpec, text: str) -> Verdict:
    return Verdict(
        str(fields["decision"]),
        str(fields["candidate"]),
        str(fields["verdict"]),
        rule.id,
        rule.strength,
        text,
        any(isinstance(v, Var) for a in rule.then for k, v in a.fields if k == "decision"),
        rule.area,
    )
