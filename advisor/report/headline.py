"""The decision in words: the first paragraph that anyone reads."""

from __future__ import annotations

from advisor.domain.plan import Plan
from advisor.report.model import Strong, Words
from advisor.report.naming import is_chosen, machines, name_of, short_name, shown_answer, use_of
from advisor.report.price_summary import span_of, whole_life
from advisor.report.text import listed, sentence, usd, usd_range

PATTERNS: dict[str | tuple[str, str], str] = {
    "one_machine": "Train",
    "one_gpu": "Train",
    "one_node": "Train in one node",
    "multi_node": "Train over several nodes",
    ("training", "in_database"): "Train inside the database",
    ("serving", "in_database"): "Score inside the database",
    "many_models": "Train many independent models in parallel",
    "batch": "Score in batches",
    "async": "Answer from an asynchronous queue",
    "online": "Serve online",
    "serverless": "Serve on demand, scaling to zero,",
    "edge": "Run the model on the device",
    "edge_and_cloud": "Run the model on the device with a counterpart in the cloud",
    "model_api": "Call a hosted service",
}
"""What a pattern does, as the beginning of a sentence."""


def decision_words(plan: Plan) -> Words:
    """Return what to build, on what, run by what, and what that costs."""
    if plan.decisions["approach"].chosen == "no_ml_yet":
        why = sentence(plan.decisions["approach"].because[0].text)
        return Strong("Do not build machine learning yet."), f" {why} {_cost(plan)}"
    parts = [_use(plan, "training"), _use(plan, "serving"), _running(plan), _cost(plan)]
    nearest = "" if plan.feasible else "What comes nearest: "
    return Strong(nearest + _what(plan)), " " + " ".join(p for p in parts if p)


def title_of(plan: Plan) -> str:
    """Return the title of the report."""
    return f"ML architecture plan: {shown_answer(plan, 'problem_type')}"


def _what(plan: Plan) -> str:
    model = f" with {plan.model}" if plan.model else ""
    if not is_chosen(plan, "adaptation"):
        return f"Build it with {plan.model or 'a model of your own'}."
    return f"Build it by {name_of(plan, 'adaptation')}{model}."


def _use(plan: Plan, use: str) -> str:
    """Return pattern, machines and host of a use as a sentence."""
    if plan.decisions[f"{use}_pattern"].chosen == "unresolved":
        return f"No way of {use} is left."
    if not is_chosen(plan, f"{use}_pattern"):
        return {"training": "Nothing is trained.", "serving": "Nothing is served."}[use]
    name = name_of(plan, f"{use}_pattern")
    pattern = plan.decisions[f"{use}_pattern"].ids[0]
    words = PATTERNS.get((use, pattern)) or PATTERNS.get(pattern, f"Use {name} for {use}")
    if pattern == "model_api":
        return f"{_called(plan, words)}.{_priced(plan)}"
    hardware = use_of(plan, use)
    if hardware is not None:
        words += f" on {machines(hardware)}"
    if is_chosen(plan, f"{use}_host"):
        words += f", hosted on {name_of(plan, f'{use}_host')}"
    return f"{words}."


def _called(plan: Plan, words: str) -> str:
    """Return whose service is called; plans of an earlier day name none."""
    if not is_chosen(plan, "hosted_service"):
        return words
    name = short_name(plan, "hosted_service")
    return f"Call the {name}" if name.endswith("API") else f"Call {name} as a hosted service"


def _priced(plan: Plan) -> str:
    """Return what the price is of and from which volume running a model pays, which nothing else
    on the first page says."""
    reasons = plan.decisions["serving_pattern"].because
    said = [r.text for r in reasons if r.estimate == "serving_model_api"]
    even = plan.outlook.api if plan.outlook else ""
    return "".join(f" {sentence(text)}" for text in (*said, even) if text)


def _running(plan: Plan) -> str:
    served = is_chosen(plan, "serving_engine")
    duties = (
        ("orchestrator", "the workflows run on"),
        ("data_storage", "the data lie in"),
        ("vector_db", "the vectors lie in"),
        ("serving_engine", "the model is served by"),
        ("model_registry", f"{'its' if served else 'model'} versions are kept in"),
    )
    parts = [f"{does} {_either(plan, d)}" for d, does in duties if is_chosen(plan, d)]
    return sentence(listed(parts)) if parts else ""


def _either(plan: Plan, decision: str) -> str:
    """Return what was chosen as it stands in a sentence: one of several, and no capital article."""
    name = short_name(plan, decision).replace(" / ", " or ")
    return f"the {name[4:]}" if name.startswith("The ") else name


def _cost(plan: Plan) -> str:
    cost = plan.cost
    if not cost.lifetime.high:
        if not (plan.life and plan.outlook):
            return "No line of the bill applies; what is left out stands below."
        return (
            f"Nobody bills anything for it; your own people come to {usd_range(whole_life(plan))}."
        )
    once = f" and {usd(cost.one_off.likely)} once" if cost.one_off.likely else ""
    life = whole_life(plan)
    now, grown = (" now", ", growth and own people included") if plan.life else ("", "")
    return (
        f"That likely costs {usd_range(cost.month)} a month{now}{once}, and {usd_range(life)} "
        f"{span_of(plan)}{grown}."
    )
