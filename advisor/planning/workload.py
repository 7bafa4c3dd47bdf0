"""The workload in numbers: what is trained, how often, and what load is served."""

from __future__ import annotations

from collections.abc import Callable

from advisor.domain.model import ModelShape
from advisor.frozen import dataclass, replace
from advisor.planning.brief import Brief
from advisor.planning.workload_shape import NETWORK, makes_pictures, shape_of
from advisor.sizing.item import ItemWork

Number = Callable[[str], float]
"""Looks a figure up in the policy by its dotted name."""

FAMILIES = {
    "tabular_prediction": "trees",
    "forecasting": "series",
    "anomaly_fraud": "trees",
    "recsys_ranking": "recommender",
    "vision": "vision",
    "nlp_understanding": "encoder",
    "speech": "speech",
    "llm_app_rag": "llm",
    "llm_finetune": "llm",
    "llm_pretrain": "llm",
    "embedding_search": "encoder",
    "reinforcement_simulation": "simulation",
    "other": "trees",
}
"""Model family by problem; what the sizing formulas tell apart."""

CLASSICAL = ("trees", "series")
"""Families that need no accelerator."""
READER = "reader"
"""A language model that classifies or extracts: it reads a text and writes a few words."""

RUNS_A_MONTH = {
    "never": 0.0,
    "yearly": 1 / 12,
    "quarterly": 1 / 3,
    "monthly": 1.0,
    "weekly": 52 / 12,
    "daily": 365 / 12,
    "hourly_or_continuous": 730.0,
}

ADAPTATIONS_THAT_TRAIN = ("lora_finetune", "full_finetune", "continued_pretraining", "pretraining")


@dataclass(frozen=True, slots=True)
class TrainingWork:
    """One training run and how often it recurs.

    `units` is tokens, images, rows or hours of audio of one run including epochs; `tokens` the
    same for the transformer formulas. `runs` counts full-run equivalents of the first release,
    tuning trials included, `later_runs` those of each later one; `releases_a_month` counts full
    runs, of which a frequent one reads a share; `series` counts the time series of the rows;
    `models` the models that a release trains, each as described: those that share what is stored
    count for the trainings that it is enough for.
    """

    method: str
    units: float
    unit: str
    tokens: float
    seq_len: int
    runs: float
    releases_a_month: float
    target_hours: float
    entities: int = 1
    later_runs: float = 1.0
    series: int = 1
    models: float = 1.0

    @property
    def firsts_a_month(self) -> float:
        """Return how many times the first release the releases of a month take."""
        return self.releases_a_month * self.later_runs / self.runs


@dataclass(frozen=True, slots=True)
class ServingLoad:
    """What is asked of serving; rates in requests a second, lengths in tokens a request. `sites`
    counts the devices at the edge, 0 where there are none."""

    modes: tuple[str, ...]
    peak_rps: float
    mean_rps: float
    input_len: float
    output_len: float
    latency_ms: float
    availability: float
    regions: int
    batch_units_a_month: float
    sites: int = 0
    batch_items: float = 0.0
    """Items that batch scoring works through in a month, 0 where nobody said."""
    reads_once: bool = False
    """Whether an item is scored once, when it has come."""

    @property
    def spares(self) -> int:
        """Return the machines of a region that stand by for the availability asked, one from
        99.9 %, two from 99.99 %: the load must be carried while that many are out."""
        return 2 if self.availability >= 99.99 else 1 if self.availability >= 99.9 else 0

    @property
    def requests_a_month(self) -> float:
        """Return requests a month of 730 hours: those of the stated rate, else of the scoring
        rounds where their items were counted."""
        return self.mean_rps * 730 * 3600 or self.batch_items


@dataclass(frozen=True, slots=True)
class Workload:
    """Everything that sizing needs to know of the brief; `item` is what one item of a network
    takes, None for language models, trees and statistics."""

    family: str
    shape: ModelShape
    training: TrainingWork | None
    serving: ServingLoad | None
    data_gb: float
    item: ItemWork | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """Return what tells this workload from another, for remembering its estimates."""
        return self.family, self.shape, self.training, self.serving, self.data_gb, self.item

    def limited(self, *, trains: bool, serves: bool) -> Workload:
        """Return what is left where rules say that nothing is trained, or served."""
        training = self.training if trains else None
        return replace(self, training=training, serving=self.serving if serves else None)

    @property
    def classical(self) -> bool:
        """Return whether trees or statistics do the job."""
        return self.family in CLASSICAL


def workload_of(
    brief: Brief,
    adaptation: str,
    shapes: dict[str, ModelShape],
    number: Number,
) -> Workload:
    """Return the workload of a brief whose depth of adaptation is settled: both uses, as if a
    model were trained and served."""
    family = family_of(brief, adaptation, number)
    adaptation = depth_of(brief, family, adaptation)
    return Workload(
        family,
        shape_of(brief, family, shapes),
        _training(brief, family, adaptation, number),
        _serving(brief, family, number),
        brief.number("data_volume_gb", 1.0),
    )


def family_of(brief: Brief, adaptation: str, number: Number) -> str:
    """Return the model family: the problem decides, unless the data are of another kind, a
    language model reads them instead of a model of the problem's own, or the size that was given
    says that a network does it."""
    family = FAMILIES[str(brief.one("problem_type") or "other")]
    if brief.one("problem_type") == "nlp_understanding":
        prompted = adaptation == "api_prompting"
        return "llm" if prompted or _generates(brief, number) else family
    pictures = brief.has("data_modality", "images", "video")
    if family == "trees" and pictures and not brief.has("data_modality", "tables"):
        return "vision"
    if family == "encoder" and pictures and _sees(brief):
        return "vision"
    if brief.one("problem_type") == "other" and brief.has("data_modality", "text", "graph"):
        return "encoder" if brief.has("data_modality", "text") else NETWORK
    if family == "recommender" and _counted(brief, number):
        return "trees"
    return NETWORK if family in CLASSICAL and brief.stated("model_params_b") else family


def _counted(brief: Brief, number: Number) -> bool:
    """Return whether a ranking is counted or learned by trees (PERF-360, PERF-361, PERF-384)."""
    if brief.stated("model_params_b") or brief.has("data_modality", "images", "video", "audio"):
        return False
    if brief.stated("retrain_cadence") and brief.has("retrain_cadence", "hourly_or_continuous"):
        return False
    gb = brief.number("data_volume_gb") if brief.stated("data_volume_gb") else None
    if gb is not None and gb <= number("data.cpu_training_gb"):
        return True
    rate = brief.number("peak_rps") if brief.stated("peak_rps") else None
    if gb is None and rate is not None and rate <= number("serving.low_volume_rps"):
        return not brief.has("retrain_cadence", "daily")
    nightly = brief.many("inference_mode") == ("batch",) and brief.has("feature_freshness", "days")
    return nightly and (gb is None or gb < number("data.large_gb"))


def _sees(brief: Brief) -> bool:
    """Return whether pictures are searched: their encoder is what a query or an entry costs most,
    unless a model for texts is named."""
    texts = brief.shape is not None and brief.shape.kind == "encoder"
    return brief.one("problem_type") == "embedding_search" and not texts


def depth_of(brief: Brief, family: str, adaptation: str) -> str:
    """Return how deep weights are changed: for a network on rows what was said of it, as the
    decision is about language and multimodal models alone."""
    if family != NETWORK:
        return adaptation
    said = str(brief.one("adaptation"))
    return said if said in ADAPTATIONS_THAT_TRAIN else "full_finetune"


def _generates(brief: Brief, number: Number) -> bool:
    """Return whether the model given is larger than models get that read and do not write."""
    size = brief.number("model_params_b")
    return brief.stated("model_params_b") and size >= number("models.generative_b")


def _training(brief: Brief, family: str, adaptation: str, number: Number) -> TrainingWork:
    method = "lora" if adaptation == "lora_finetune" else "full"
    epochs = number(f"epochs.{_effort(family, adaptation)}")
    units, unit = volume_of(brief, family, adaptation, number)
    cadence = str(brief.one("retrain_cadence") or "never")
    release = RUNS_A_MONTH[cadence]
    share = number(f"trial_share.{_effort(family, adaptation)}")
    per_unit = number(f"tokens_per.{unit}")
    runs = 1.0 + share * brief.number("hpo_trials")
    return TrainingWork(
        method=method,
        units=units * epochs,
        unit=unit,
        tokens=units * epochs * per_unit,
        seq_len=int(number(f"sequence.{family}")) if family in SEQUENCES else 1,
        runs=runs,
        releases_a_month=release * number(f"retrain_share.{cadence}"),
        target_hours=brief.number("train_hours_target", 12.0),
        entities=_entities(brief, family),
        # trials that nobody asked for tune the first release; later ones keep what was found
        later_runs=runs if brief.stated("hpo_trials") else 1.0,
        series=_series(brief, units, number),
        models=_models(brief, units, number(f"per_gb.{unit}"), _entities(brief, family)),
    )


TRANSFORMERS = ("llm", "encoder", "vision", "speech")
SEQUENCES = (*TRANSFORMERS, NETWORK)
UNITS = {"llm": "token", "encoder": "token", "vision": "image", "speech": "audio_hour"}


def _effort(family: str, adaptation: str) -> str:
    if family not in SEQUENCES:
        return "classical"
    return adaptation if adaptation in ADAPTATIONS_THAT_TRAIN else "full_finetune"


def volume_of(brief: Brief, family: str, adaptation: str, number: Number) -> tuple[float, str]:
    """Return units of data seen once and their name; derived from gigabytes where not stated.

    Tuning reads a selection of what is stored, pre-training all of it.
    """
    unit = UNITS.get(family, "row")
    stated = brief.number("train_volume")
    if stated > 0:
        return stated, unit
    stored = brief.number("data_volume_gb", 1.0) * number(f"per_gb.{unit}")
    if adaptation in ("continued_pretraining", "pretraining"):
        return stored, unit
    most = "logged_row" if family == "recommender" else unit
    if makes_pictures(brief) and adaptation == "lora_finetune":
        most = "drawn_image"
    return min(stored, number(f"most_seen.{most}")), unit


def _entities(brief: Brief, family: str) -> int:
    many = brief.number("n_models", 1.0)
    return int(many) if family in CLASSICAL and many >= 100 else 1


def _models(brief: Brief, units: float, per_gb: float, entities: int) -> float:
    """Return how many trainings of `units` a release takes for all models: one each where the
    examples of a model were counted, else as many as the stored data are enough for."""
    wanted = brief.number("n_models", 1.0) if entities == 1 else 1.0
    if brief.stated("train_volume"):
        return wanted
    stored = brief.number("data_volume_gb", 1.0) * per_gb
    return min(wanted, max(1.0, stored / units))


def _series(brief: Brief, rows: float, number: Number) -> int:
    """Return the time series that a volume of rows holds, a usual number where none was given."""
    if brief.stated("data_volume_gb") or brief.stated("train_volume"):
        return max(1, int(rows / number("tables.points")))
    return int(number("tables.series"))


def _serving(brief: Brief, family: str, number: Number) -> ServingLoad | None:
    modes = tuple(str(m) for m in brief.many("inference_mode"))
    if not modes:
        return None
    peak = brief.number("peak_rps")
    tokens = brief.many("tokens_in_out")
    reads = family == "llm" and brief.one("problem_type") == "nlp_understanding"
    input_len, output_len = _lengths(READER if reads else family, tokens, number)
    return ServingLoad(
        modes=modes,
        peak_rps=peak,
        mean_rps=peak * number(f"mean_share.{brief.one('traffic_shape') or 'steady'}"),
        input_len=input_len,
        output_len=output_len,
        latency_ms=brief.number("latency_p99_ms"),
        availability=_availability(brief),
        regions=int(brief.number("regions_served", 1.0)),
        batch_units_a_month=_batch_units(brief, family, number),
        reads_once=_reads_once(brief, family),
        batch_items=brief.number("batch_items"),
        sites=int(brief.number("edge_sites")),
    )


def _lengths(family: str, tokens: tuple[object, ...], number: Number) -> tuple[float, float]:
    if len(tokens) == 2:
        return float(str(tokens[0])), float(str(tokens[1]))
    if family == "llm":
        return number("request.input_tokens"), number("request.output_tokens")
    if family == READER:
        return number("sequence.encoder"), number("request.label_tokens")
    return number("sequence.encoder"), 1.0


def _availability(brief: Brief) -> float:
    try:
        return float(str(brief.one("availability_slo")))
    except ValueError:
        return 0.0


READ_ONCE = ("llm", "encoder", "vision", "speech")
"""Families whose items are texts, pictures and recordings: each is read when it has come, while
rows of customers or products are scored again in each round."""


def _reads_once(brief: Brief, family: str) -> bool:
    arrives = brief.one("data_arrival") != "static" and brief.number("data_growth") > 0
    return family in READ_ONCE and arrives


def _batch_units(brief: Brief, family: str, number: Number) -> float:
    """Return what batch scoring reads in a month, GB: what comes in where items are read once,
    else a share of the stored data in each scoring round."""
    if _reads_once(brief, family):
        return brief.number("data_volume_gb", 1.0) * brief.number("data_growth") / 100 / 12
    rounds = number(f"rounds_per_month.{brief.one('data_arrival') or 'daily'}")
    rows = family not in READ_ONCE
    return scored_gb(brief.number("data_volume_gb", 1.0), number, rows=rows) * rounds


def scored_gb(stored: float, number: Number, *, rows: bool = False) -> float:
    """Return what one scoring round reads of the stored data, GB: a share, of archives that no
    single use reads no more than of the largest volume that is worked on, and of tables no more
    rows than there are customers or products to score."""
    read = min(stored, number("data.huge_gb")) * number("request.scored_share")
    return min(read, number("request.scored_rows") / number("per_gb.row")) if rows else read
