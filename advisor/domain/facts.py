"""The fact types that rules may read and assert: a closed vocabulary.

A type is *given* (made from answers, catalogue, estimates or choices by Python) or *derived*
(asserted by rules). Field values may be restricted to a vocabulary that the library holds; the
loader checks both, so that a misspelt word is refused instead of never matching.
"""

from __future__ import annotations

from advisor.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Template:
    """One fact type. `fields` maps a field to the vocabulary its literals come from ("" = free).

    `attributes` says that the fact also carries the attributes of a catalogue entry.
    """

    type: str
    fields: dict[str, str]
    derived: bool
    meaning: str
    attributes: bool = False


def _given(type_: str, meaning: str, attributes: bool = False, **fields: str) -> Template:
    return Template(type_, fields, False, meaning, attributes)


def _derived(type_: str, meaning: str, **fields: str) -> Template:
    return Template(type_, fields, True, meaning)


TEMPLATES: dict[str, Template] = {
    t.type: t
    for t in (
        _given(
            "answer",
            "an answer or the value assumed for it; one fact per chosen option",
            question="question",
            value="option",
        ),
        _given(
            "assumed",
            "the answer was not given; why is `default` or `unknown`",
            question="question",
            why="assumed",
        ),
        _given(
            "quantity",
            "a number computed from the answers before any rule",
            name="quantity",
            value="",
        ),
        _given(
            "model",
            "the model that the workload names, with the attributes of its record",
            attributes=True,
            id="",
        ),
        _given(
            "clause",
            "a clause of a law or standard in force on the day of the plan",
            id="clause",
            duty="duty",
            control="control",
        ),
        _given(
            "candidate",
            "an entry that could fill an open decision, with its attributes",
            attributes=True,
            decision="decision",
            id="candidate",
        ),
        _given(
            "trait",
            "one value of a many-valued attribute of a candidate",
            decision="decision",
            candidate="candidate",
            name="trait",
            value="trait_value",
        ),
        _given(
            "cost_estimate",
            "likely monthly cost of filling a decision with a candidate",
            decision="decision",
            candidate="candidate",
            month_usd="",
            budget_share_pct="",
        ),
        _given(
            "choice",
            "what an earlier stage chose, with the attributes of the entry",
            attributes=True,
            decision="decision",
            id="candidate",
        ),
        _given(
            "settled",
            "what the option chosen for a use takes and gives: the sizes of its hardware",
            use="use",
            accelerator="candidate",
            provider_kind="provider_kind",
            fits="yes_no",
            devices="",
            nodes="",
            month_usd="",
            device_gib="",
            hours="",
            state_gib="",
            meets_time="yes_no",
            read_gb_s="",
            write_gb_s="",
            checkpoint_gb="",
            loader_cores="",
            goodput_pct="",
            failures="",
            replicas="",
            latency_ms="",
            weights_gib="",
            utilisation_pct="",
            meets_latency="yes_no",
            tensor_parallel="",
            batch="",
        ),
        _given(
            "placement",
            "where the option of a use runs, once its host is chosen",
            use="use",
            provider="",
            provider_kind="provider_kind",
            cloud="cloud",
            second="yes_no",
        ),
        _given(
            "rejected",
            "a candidate that an earlier stage excluded by a must",
            decision="decision",
            id="candidate",
        ),
        _derived("class", "what kind of workload, team or platform this is", id="class"),
        _derived("need", "something the architecture must be able to do", id="need"),
        _derived("duty", "a group of legal or contractual clauses that applies", id="duty"),
        _derived(
            "control",
            "a control that a clause asks for",
            id="control",
            clause="clause",
            duty="duty",
        ),
        _derived(
            "verdict",
            "a rule's judgement of a candidate",
            decision="decision",
            candidate="candidate",
            verdict="verdict",
        ),
        _derived("practice", "a practice that the plan should contain", id="practice"),
        _derived(
            "finding",
            "something the reader must know",
            id="",
            kind="finding_kind",
            severity="severity",
            subject="",
        ),
    )
}

VERDICTS = ("require", "exclude", "prefer", "avoid")
FINDING_KINDS = ("risk", "overspend", "underinvest", "missing", "confirm", "next_step", "wish")
SEVERITIES = ("high", "medium", "low")
ASSUMED = ("default", "unknown")
YES_NO = ("yes", "no")
USES = ("training", "serving")
CLOUDS = ("aws", "gcp", "azure", "gpu_cloud", "other")
PROVIDER_KINDS = ("hyperscaler", "gpu_cloud", "model_api", "own_hardware")
