"""A plan made by hand, rich enough that every part of a report has something to show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from advisor.domain.answers import AnswerWords, Source, Value
from advisor.domain.interval import Interval
from advisor.domain.plan import (
    Alternative,
    Assumption,
    Consideration,
    Control,
    Cost,
    CostItem,
    Decision,
    Figure,
    Finding,
    HardwareUse,
    LibraryMark,
    Limit,
    Money,
    Plan,
    Practice,
    Reason,
    Rejected,
)
from advisor.domain.rule import Fact, Firing, Reference

Chosen = tuple[str | tuple[str, ...], str, str]
"""Chosen id or ids, their name, and the reason."""

LIST_DECISIONS = ("data_sources", "data_quality", "security", "networking", "monitoring")

CHOICES: dict[str, tuple[str, Chosen]] = {
    "approach": ("Approach", ("ml", "machine learning", "A model answers what rules cannot.")),
    "adaptation": (
        "Depth of model adaptation",
        ("rag", "retrieval-augmented generation", "Answers must rest on the own documents."),
    ),
    "serving_pattern": (
        "Serving pattern",
        ("online", "online service", "Users wait for the tokens of an answer."),
    ),
    "serving_accelerator": (
        "Serving accelerator",
        ("h100-sxm", "NVIDIA H100 SXM", "70 GB of weights fit two devices in FP8."),
    ),
    "training_accelerator": ("Training accelerator", ("none", "no training", "Nothing trains.")),
    "training_pattern": ("Training pattern", ("none", "no training", "Nothing trains.")),
    "training_host": ("Training host", ("none", "no training host", "Nothing trains.")),
    "serving_host": (
        "Serving host",
        ("kubernetes", "Kubernetes", "The platform team already runs managed Kubernetes."),
    ),
    "orchestrator": (
        "Workflow orchestrator",
        ("cron", "cron", "One nightly index update needs no more."),
    ),
    "job_scheduler": ("Job scheduler", ("none", "no job scheduler", "No jobs compete.")),
    "compute_runtime": ("Compute runtime", ("none", "no distributed runtime", "One machine.")),
    "data_sources": (
        "Data sources",
        (("documents", "postgres-cdc"), "documents, change data capture", "Five sources."),
    ),
    "data_storage": ("Data storage", ("s3", "object storage", "300 GB of documents.")),
    "data_pipeline": ("Data pipeline", ("airbyte", "Airbyte", "Five sources, daily loads.")),
    "data_versioning": ("Data versioning", ("none", "no versioning tool", "Nothing trains.")),
    "data_quality": ("Data quality", (("presidio",), "Presidio", "Patient data are masked.")),
    "labelling": ("Labelling", ("none", "no labelling tool", "Nothing is labelled.")),
    "feature_store": ("Feature store", ("none", "no feature store", "There are no features.")),
    "vector_db": (
        "Vector database",
        ("pgvector", "pgvector", "Three million chunks fit the Postgres that the team runs."),
    ),
    "training_framework": ("Training framework", ("none", "no training framework", "None.")),
    "tuning": ("Hyperparameter tuning", ("none", "no tuning tool", "Nothing is tuned.")),
    "experiment_tracking": ("Experiment tracking", ("mlflow", "MLflow", "Prompts are compared.")),
    "model_registry": ("Model registry", ("mlflow", "MLflow", "Prompt and model go together.")),
    "serving_engine": ("Serving engine", ("vllm", "vLLM", "Continuous batching and FP8.")),
    "llm_application": ("LLM application layer", ("litellm", "LiteLLM", "Keys and limits.")),
    "monitoring": (
        "Monitoring",
        (("prometheus", "langfuse"), "Prometheus, Langfuse", "Latency is a stated target."),
    ),
    "ci_cd": ("CI/CD", ("github-actions", "GitHub Actions", "The code is there already.")),
    "security": (
        "Security",
        (("keycloak", "azure-key-vault"), "Keycloak, Azure Key Vault", "Health data."),
    ),
    "networking": ("Networking", (("private-link",), "private endpoints", "Isolation asked.")),
}

REJECTED = (
    Rejected(
        "l4", "NVIDIA L4", (Reason("70 GB do not fit 24 GB in four devices", rule="PERF-101"),)
    ),
    Rejected(
        "mi300x", "AMD MI300X", (Reason("no provider in Germany offers it", estimate="offers"),)
    ),
    *(
        Rejected(f"old-{n}", f"Old device {n}", (Reason("it is no longer sold", rule="LIFE-104"),))
        for n in range(9)
    ),
)
ALTERNATIVES = (
    Alternative(
        "h200", "NVIDIA H200", "likely $31,900 a month against $27,300", 5.0, Decimal(31900)
    ),
    Alternative(
        "a100-80", "NVIDIA A100 80GB", "misses the first token by 40 ms", 0.0, Decimal(29800)
    ),
)


def decisions() -> dict[str, Decision]:
    """Return every decision of the contract."""
    found = {id_: _decision(id_, name, *chosen) for id_, (name, chosen) in CHOICES.items()}
    found["serving_accelerator"] = replace(
        found["serving_accelerator"],
        because=(
            Reason("70 GB of weights fit two devices in FP8.", estimate="serving_online"),
            Reason("Likely $27,300 a month, the least of what meets every must.", cost="month"),
        ),
        rejected=REJECTED,
        alternatives=ALTERNATIVES,
    )
    return found


def _decision(id_: str, name: str, chosen: str | tuple[str, ...], shown: str, why: str) -> Decision:
    rule = "COMP-301" if id_ in ("security", "networking") else "PERF-101"
    return Decision(id_, name, "components", chosen, shown, (Reason(why, rule=rule),))


def money(low: int, likely: int, high: int) -> Money:
    """Return whole dollars."""
    return Money(Decimal(low), Decimal(likely), Decimal(high))


COST = Cost(
    items=(
        CostItem(
            "serving",
            "Serving",
            money(21_000, 27_300, 34_500),
            money(0, 0, 0),
            "8 x h100-sxm at Azure",
            "2026-10-01",
            "azure-price-list",
        ),
        CostItem(
            "storage",
            "Data storage",
            money(6, 7, 14),
            money(0, 0, 0),
            "300 GB at $0.0184 a GB",
            "2026-09-15",
            "azure-price-list",
        ),
        CostItem(
            "operations",
            "People who run it",
            money(3_000, 6_000, 12_000),
            money(0, 0, 0),
            "share of a person for Kubernetes",
            "2026-06",
            "policy",
        ),
    ),
    months=18,
    price_date="2026-06",
    excluded=("taxes and negotiated discounts", "data transfer out of the provider"),
)

HARDWARE = (
    HardwareUse(
        "serving",
        "h100-sxm",
        "NVIDIA H100 SXM",
        8,
        4,
        "Azure",
        "ND96isr H100 v5",
        "no",
        "4 replicas, 2-way tensor parallel, fp8 weights",
        "two devices hold the weights and the cache of 24 requests",
        (
            Figure(
                "memory",
                "memory per device",
                Interval(58.0, 61.2, 66.0),
                "GiB",
                "weights 33.1 + cache 24.6 + activations 3.5",
                "published formula",
                (("weights", 33.1), ("cache", 24.6), ("activations", 3.5)),
            ),
            Figure(
                "ttft",
                "first token, 99th percentile",
                Interval(900.0, 1250.0, 2100.0),
                "ms",
                "prefill 410 + queue 840",
                "calibrated on 212 measurements",
            ),
            Figure("rate", "tokens a second", Interval(2100.0, 2600.0, 3100.0), "tokens/s"),
        ),
        device_gib=74.5,
        like=("Llama-3-70B, 4 x H100, fp8: 12.5 ms a token; we predict 13.1 (docs, 2024-11)",),
    ),
    HardwareUse("training", "none", "none", 0, 0, "", "", "no", "nothing runs", "no training"),
)

ANSWERS: dict[str, tuple[Value, Source]] = {
    "problem_type": ("llm_app_rag", Source.FILE),
    "personal_data": ("special_category_or_health", Source.FILE),
    "consumers": (("external_users",), Source.FILE),
    "residency": ("country_or_bloc", Source.FILE),
    "peak_rps": (40, Source.GIVEN),
    "tokens_in_out": ((2500, 350), Source.FILE),
    "budget_monthly": (250_000, Source.FILE),
    "data_growth": (20.0, Source.DEFAULT),
    "model_params_b": (70.553706496, Source.FILE),
    "k8s_skill": ("yes_managed", Source.UNKNOWN),
}
WORDS = {
    "problem_type": AnswerWords("goal", "What is to be built?", "an assistant over own documents"),
    "personal_data": AnswerWords("law", "Are there personal data?", "health data"),
    "consumers": AnswerWords("goal", "Who uses it?", "external users"),
    "residency": AnswerWords("law", "Where may the data be?", "within the country or bloc"),
    "peak_rps": AnswerWords("serving", "How many requests a second at the peak?", "40 requests/s"),
    "tokens_in_out": AnswerWords("serving", "How many tokens?", "2,500 and 350 tokens"),
    "budget_monthly": AnswerWords("cost", "How much a month?", "$250,000"),
    "data_growth": AnswerWords("data", "How fast do the data grow?", "20 % a year"),
    "model_params_b": AnswerWords("model", "How large is the model?", "70.6 billion parameters"),
    "k8s_skill": AnswerWords("team", "Who runs Kubernetes?", "a managed service, by the team"),
}

CONSIDERATIONS = tuple(
    Consideration(
        id_,
        f"{id_} asked",
        f"{id_} given",
        "58% to spare",
        "$27,300 a month",
        "H200 would be 1.4x as fast for $4,600 more",
        ("PERF-101",),
    )
    for id_ in ("performance", "scalability", "lifecycle", "cost", "security")
)

FIRING = Firing(
    "PERF-101",
    (("gib", 24), ("device", "l4")),
    (Fact.of("class", id="llm"), Fact.of("candidate", decision="serving_accelerator", id="l4")),
    (Fact.of("verdict", decision="serving_accelerator", candidate="l4", verdict="exclude"),),
)

FINDINGS = (
    Finding(
        "one_region_down",
        "risk",
        "high",
        "One region alone cannot carry the peak.",
        "SCALE-110",
        "serving",
    ),
    Finding(
        "load_test", "next_step", "medium", "Confirm the first token with a load test.", "PERF-120"
    ),
    Finding("ask_dpo", "confirm", "medium", "Ask who signs the impact assessment.", "COMP-301"),
    Finding(
        "big_index", "overspend", "low", "The index is larger than the corpus asks for.", "COST-103"
    ),
)


def example() -> Plan:
    """Return a feasible plan: a 70B assistant over health data in the EU."""
    return Plan(
        as_of="2026-11-22",
        library=LibraryMark("1.0.0", "0123456789abcdef", ("housepack",)),
        feasible=True,
        answers=ANSWERS,
        decisions=decisions(),
        hardware=HARDWARE,
        cost=COST,
        considerations=CONSIDERATIONS,
        controls=(
            Control(
                "encryption",
                "Encryption at rest",
                "GDPR",
                "Art. 32(1)(a)",
                "Encrypt personal data at rest and in transit.",
                "must",
                "",
                "Which keys protect the backups?",
                "read",
            ),
            Control(
                "dpia",
                "Impact assessment",
                "GDPR",
                "Art. 35",
                "Assess the impact before processing begins.",
                "must",
                "before go-live",
                "Who signs it?",
                "recalled",
            ),
        ),
        practices=(
            Practice("autoscaling", "autoscaling", "Load falls to a tenth at night.", "SCALE-104"),
            Practice("canary", "canary release", "A wrong answer is costly.", "LIFE-109"),
        ),
        findings=FINDINGS,
        assumptions=(
            Assumption(
                "data_growth",
                "How fast do the data grow?",
                20.0,
                Source.DEFAULT,
                "Storage grows with it; the index may need a second machine.",
            ),
            Assumption(
                "k8s_skill",
                "Who runs Kubernetes?",
                "yes_managed",
                Source.UNKNOWN,
                "A managed endpoint would be chosen if nobody runs it.",
            ),
        ),
        limits=(
            Limit(
                "budget_monthly",
                "budget $250,000 a month; the dearest month takes $27,307",
                "$222,693 a month left",
                False,
            ),
            Limit(
                "latency_p99_ms",
                "first token: likely 1,250 ms of 3,000 ms allowed",
                "58% to spare",
                False,
            ),
        ),
        trace=(FIRING,),
        references={
            "PERF-101": (
                Reference(
                    "vLLM documentation",
                    "Memory",
                    "https://docs.vllm.ai",
                    "2026-08",
                    "weights and cache must fit",
                    "read",
                ),
            ),
            "COMP-301": (
                Reference(
                    "GDPR (Regulation (EU) 2016/679)",
                    "Art. 32",
                    "",
                    "2026-08",
                    "security of processing",
                    "recalled",
                ),
            ),
        },
        warnings=("answers.yaml:9:3: E310: data_volume_gb: 300 is unusual",),
        model="llama-3.3-70b",
        answer_words=WORDS,
        rule_titles={"PERF-101": "Weights must fit the devices of one node"},
    )


def impossible() -> Plan:
    """Return the same plan under a budget that nothing meets."""
    over = Limit(
        "budget_monthly",
        "The cheapest plan takes $27,307 in its dearest month.",
        "$26,507 a month over the budget of $800",
        True,
        "raise the budget to $27,307 a month, or allow a hosted model at $2,100 a month",
    )
    return replace(example(), feasible=False, infeasible_because=(over,))


def with_answers(plan: Plan, extra: Mapping[str, tuple[Value, Source]]) -> Plan:
    """Return the plan with more answers."""
    return replace(plan, answers={**plan.answers, **extra})
