"""Ways to train: for each accelerator the cheapest count that meets the time stated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from math import ceil

from advisor.domain.hardware import GIB, Accelerator
from advisor.domain.plan import Reason
from advisor.frozen import dataclass, replace
from advisor.planning.known_runs import KnownRuns
from advisor.planning.market import OWN, Market
from advisor.planning.options import NONE, Option, priced
from advisor.planning.training_calendar import (
    TrainingCalendar,
    calendar_figures,
    calendar_of,
)
from advisor.planning.training_layouts import DevicePool, reasons, search_layouts
from advisor.planning.training_run import (
    NODE,
    Site,
    TrainingRun,
    image_item,
    image_run,
    token_run,
)
from advisor.planning.words import lasting
from advisor.planning.workload import Number, TrainingWork, Workload
from advisor.sizing.network_inference import DIFFUSION
from advisor.sizing.training_constants import TrainingConstants
from advisor.sizing.training_estimate import TrainingEstimate
from advisor.sizing.training_job import TrainingJob
from advisor.sizing.training_samples import PASSES
from advisor.sizing.training_spread import PICTURES, ROWS

MOST_DEVICES = 16_384
HALF_NODE = 4
"""Devices of smaller nodes, such as those of many public clusters."""
FAMILY = {"lora": "huggingface", "qlora": "huggingface", "full": "torch"}
MOST_WITHOUT_LINK = 8
"""Devices that only PCIe joins are not spread over nodes; superchips have adapters of their own."""
PRETRAINING_TOKENS = 1e11
"""Above this many tokens a run is a pre-training run, done with fused kernels."""
STEP_TOKENS, LONG_STEP_TOKENS, LONG_RUN_TOKENS = 4e6, 16e6, 5e12
"""Tokens of an optimizer step in pre-training: 4 million (Llama 2, table 1), 16 million in runs of
many trillion tokens (Llama 3, arXiv 2407.21783 section 3.4.2)."""
NF4_BITS = 4.127
"""Bits a parameter of the NormalFloat base with double quantisation (QLoRA, section 3)."""
SEARCHED = 4
"""Accelerators whose layouts are searched in full: those that a first look found cheapest."""
LOOKED_AT = 12
"""Layouts of the Pareto set, cheapest first, that are estimated with intervals."""


@dataclass(frozen=True, slots=True)
class TrainingMarket:
    """What training options are made from; `searched` asks for the best layout of large runs."""

    devices: tuple[Accelerator, ...]
    market: Market
    runs: KnownRuns
    number: Number
    searched: bool = True

    @property
    def constants(self) -> TrainingConstants:
        """Return the calibration of training."""
        return self.runs.constants


def training_options(workload: Workload, supply: TrainingMarket) -> tuple[Option, ...]:
    """Return one option for each accelerator that is on offer: the cheapest in time, or the
    fastest with the reason why it misses the stated time or does not fit."""
    work = workload.training
    if work is None:
        return ()
    search = _Search(workload, work, supply)
    found = search.on_whole_machines(search.cheapest_each())
    searched = supply.searched and work.tokens > PRETRAINING_TOKENS
    return search.refined(found) if searched else found


def training_at(
    workload: Workload, supply: TrainingMarket, device: Accelerator, count: int
) -> Option | None:
    """Return training on exactly `count` devices, None where nothing is trained or offered."""
    site = _site(supply.market, device, count)
    if workload.training is None or site is None:
        return None
    search = _Search(workload, workload.training, supply)
    return search.option(site, search.run(site))


def _site(market: Market, device: Accelerator, count: int) -> Site | None:
    """Return so many devices in usual nodes: of eight, or of four where nobody has larger ones.
    None where they cannot be had."""
    for together in (NODE, HALF_NODE):
        rate = market.rate(device.id, count, min(count, together))
        if rate is not None:
            return Site(device, rate, count)
    return None


WORTH_SPREADING = Decimal("0.75")
"""Share of the cost below which the whole machine is used instead of a part of it."""


def _cheaper(whole: Option | None, part: Option) -> Option:
    """Return the run on the whole machine where it is in time and saves enough."""
    if whole is None or not whole.feasible:
        return part
    return whole if whole.lifetime(1) <= part.lifetime(1) * WORTH_SPREADING else part


@dataclass(frozen=True, slots=True)
class _Search:
    """One training task looked at on every accelerator of a market."""

    workload: Workload
    work: TrainingWork
    supply: TrainingMarket

    def cheapest_each(self) -> tuple[Option, ...]:
        """Return for each accelerator the first count that is in time, else the option that
        misses by least.

        All are tried side by side, count by count: one pass of the formulas serves a round.
        """
        tried: dict[str, list[Option]] = {device.id: [] for device in self.supply.devices}
        left = {device.id: self.sites(device) for device in self.supply.devices}
        while left:
            found = {name: next(sites, None) for name, sites in left.items()}
            now = {name: site for name, site in found.items() if site is not None}
            self.prepare(now.values())
            for name, site in now.items():
                tried[name].append(self.option(site, self.run(site)))
            left = {name: left[name] for name in now if not tried[name][-1].feasible}
        return tuple(
            min(options, key=lambda o: (len(o.failures), o.overshoot))
            for options in tried.values()
            if options
        )

    def on_whole_machines(self, found: tuple[Option, ...]) -> tuple[Option, ...]:
        """Return the options, each on all devices of the rented machine that is paid for anyway
        where that costs clearly less than a part of it."""
        whole = {o.accelerator: site for o in found if (site := self._whole(o)) is not None}
        self.prepare(whole.values())
        runs = {name: self.option(site, self.run(site)) for name, site in whole.items()}
        return tuple(_cheaper(runs.get(o.accelerator), o) for o in found)

    def _whole(self, part: Option) -> Site | None:
        """Return the whole machine of an option, None where one device is enough, for adapters,
        for machines of one's own, and where all of it is used."""
        spread = part.feasible and part.devices > 1 and self.work.method == "full"
        if not spread or part.provider == "own" or part.devices >= min(part.per_node, NODE):
            return None
        device = next(d for d in self.supply.devices if d.id == part.accelerator)
        size = min(part.per_node, NODE)
        rate = self.supply.market.rate(device.id, size, size)
        return Site(device, rate, size) if rate else None

    def sites(self, device: Accelerator) -> Iterator[Site]:
        """Yield the counts to try that can be had, with their rate; where the machines that stand
        there are fewer than the time stated takes, most of them, to say how long it takes."""
        none = True
        for count in _counts(self.workload, self.work, device):
            site = _site(self.supply.market, device, count)
            if site is not None:
                none = False
                yield site
        if none:
            yield from self.standing(device)

    def standing(self, device: Accelerator) -> Iterator[Site]:
        """Yield the largest usual count of one's own devices, if there are any."""
        for count in (MOST_DEVICES >> step for step in range(MOST_DEVICES.bit_length())):
            site = _site(self.supply.market, device, count)
            if site is not None and site.rate.provider_kind == OWN:
                yield site
                return

    def prepare(self, sites: Iterable[Site]) -> None:
        """Estimate all jobs that runs on these sites ask for."""
        if image_item(self.workload, self.work) is not None:
            return
        runs = self.supply.runs
        jobs = [self.job(site) for site in sites]
        runs.prepare(jobs)
        runs.prepare([_four_bit(job) for job in jobs if _needs_four_bit(runs.of(job))])

    def job(self, site: Site) -> TrainingJob:
        """Return the training job on a count of devices."""
        return _job(self.workload, self.work, site)

    def refined(self, found: tuple[Option, ...]) -> tuple[Option, ...]:
        """Return the options, the cheapest of them with the best layout of a full search."""
        first = sorted(found, key=lambda o: (len(o.failures), o.key(1)))[:SEARCHED]
        better = {o.accelerator: self.searched(o) for o in first}
        return tuple(better.get(o.accelerator, o) for o in found)

    def searched(self, option: Option) -> Option:
        """Return the cheapest of the Pareto layouts around the count of an option, or itself."""
        device = next(d for d in self.supply.devices if d.id == option.accelerator)
        site = _site(self.supply.market, device, option.devices)
        if site is None or option.devices < 2 * NODE:
            return option
        job = self.job(site)
        formats = (job.precision, "fp8") if device.peak("fp8") else (job.precision,)
        price = site.rate.hour.likely / site.rate.per_node
        pool = DevicePool(_around(option.devices), price, formats)
        options = [option]
        found = search_layouts(job, pool, self.supply.constants).pareto
        in_time = [choice for choice in found if choice.hours <= self.work.target_hours]
        for choice in (in_time or found[-1:])[:LOOKED_AT]:
            estimate = self.supply.runs.of(choice.job)
            run = token_run(self.work, estimate, self.supply.constants, "; ".join(choice.why))
            options.append(self.option(site, run))
        return min(options, key=lambda o: (len(o.failures), o.key(1), o.overshoot))

    def run(self, site: Site) -> TrainingRun:
        """Return the run on a count of devices, in its usual layout."""
        constants = self.supply.constants
        item = image_item(self.workload, self.work)
        if item is not None:
            return image_run(item, self.work, site, constants)
        found = _estimate(self.job(site), self.supply.runs)
        large = self.work.tokens > PRETRAINING_TOKENS
        share = found.memory_gib.likely / site.device.memory_gb
        why = "; ".join(reasons(found.job, share)) if large else ""
        return token_run(self.work, found, constants, why)

    def option(self, site: Site, run: TrainingRun) -> Option:
        """Return the priced option of a run."""
        device, rate = site.device, site.rate
        calendar = calendar_of(run, self.work, self.supply.number)
        once = calendar.device_hours.scaled(self.work.runs * self.work.models)
        firsts = self.work.firsts_a_month
        option = Option(
            use="training",
            pattern=_pattern(self.work, run.count, rate.instances(run.count)),
            accelerator=device.id,
            devices=run.count,
            nodes=rate.instances(run.count),
            provider=rate.provider,
            instance=rate.instance,
            layout=run.layout,
            why=_why(self.work, run, calendar),
            hours_once=once,
            hours_month=once.scaled(firsts) if firsts else NONE,
            hours_per_run=calendar.hours.likely,
            together=min(run.count, NODE, rate.per_node),
            figures=(*run.figures, *calendar_figures(run, self.work, calendar)),
            failures=_failures(self.work, device, run, calendar),
            overshoot=calendar.hours.likely / self.work.target_hours,
            facts=_facts(self.work, device, run, calendar),
            run=run.setup,
            setting=replace(
                run.setting,
                checkpoint_min=calendar.best.checkpoint_interval_s / 60.0,
                hours=calendar.hours.likely,
                hours_allowed=self.work.target_hours,
            ),
        )
        return priced(option, rate)


def _counts(workload: Workload, work: TrainingWork, device: Accelerator) -> Iterable[int]:
    """Yield device counts to try: powers of two from memory and ideal time upwards, eight steps.

    The state of full training takes about 16 bytes a parameter (ZeRO, section 3.1), a frozen
    base two; below the ideal device-hours nothing can be in time.
    """
    peak = device.peak("bf16") or device.peak("fp16") or device.peak("fp32") or 1e12
    item = image_item(workload, work)
    if item is not None:
        need, flops = 1.0, PASSES * item.work.flops * work.units
    else:
        per_parameter = 16.0 if work.method == "full" else 0.6
        need = workload.shape.params * per_parameter / (device.memory_gb * GIB)
        flops = 6.0 * workload.shape.active_params * work.tokens
    least = max(1.0, need, flops / peak / 3600 / work.target_hours)
    start = min(1 << (ceil(least) - 1).bit_length(), MOST_DEVICES)
    joined = device.has_fast_link or device.form_factor.startswith("superchip")
    limit = MOST_DEVICES if joined else MOST_WITHOUT_LINK
    yield from (start << step for step in range(8) if start << step <= limit)


def _around(count: int) -> tuple[int, ...]:
    """Return counts of whole nodes from half of `count` to all of it."""
    step = max(NODE, count // 8 // NODE * NODE)
    return tuple(range(max(NODE, count // 2 // NODE * NODE), count + 1, step))


def _job(workload: Workload, work: TrainingWork, site: Site) -> TrainingJob:
    device = site.device
    large = work.tokens > PRETRAINING_TOKENS
    step = LONG_STEP_TOKENS if work.tokens > LONG_RUN_TOKENS else STEP_TOKENS
    return TrainingJob(
        shape=workload.shape,
        device=device,
        task=_task(workload, work),
        seq_len=work.seq_len,
        precision="bf16" if device.peak("bf16") else "fp16",
        method=work.method,
        n_gpus=site.count,
        gpus_per_node=min(site.count, site.rate.per_node),
        network_gb_s=site.rate.network_gb_s,
        tokens_total=work.tokens,
        global_batch=round(step / work.seq_len) if large else None,
        family="fused" if large else FAMILY[work.method],
        prudent=True,
    )


def _task(workload: Workload, work: TrainingWork) -> str:
    if work.unit == "row":
        return ROWS
    if workload.item is not None and workload.item.kind == DIFFUSION:
        return PICTURES
    large = work.tokens > PRETRAINING_TOKENS
    return "pretrain" if large else {"full": "full_ft"}.get(work.method, work.method)


def _estimate(job: TrainingJob, runs: KnownRuns) -> TrainingEstimate:
    """Return the estimate; LoRA that does not fit is tried on a four-bit base."""
    estimate = runs.of(job)
    return runs.of(_four_bit(job)) if _needs_four_bit(estimate) else estimate


def _needs_four_bit(estimate: TrainingEstimate) -> bool:
    return estimate.job.method == "lora" and not estimate.fits


def _four_bit(job: TrainingJob) -> TrainingJob:
    return replace(job, method="qlora", task="qlora", base_bits=NF4_BITS)


def _facts(
    work: TrainingWork, device: Accelerator, run: TrainingRun, calendar: TrainingCalendar
) -> dict[str, str | int | float]:
    return {
        "fits": "yes" if run.fits else "no",
        "devices": run.count,
        "nodes": run.nodes,
        "hours": round(calendar.hours.likely, 3),
        "state_gib": round(run.memory_gib.likely, 1),
        "device_gib": device.memory_gb,
        "meets_time": "yes" if calendar.hours.likely <= work.target_hours else "no",
        "tensor_parallel": run.setting.tensor,
        **calendar.facts,
    }


def _pattern(work: TrainingWork, count: int, nodes: int) -> str:
    if work.entities > 1:
        return "many_models"
    if nodes > 1:
        return "multi_node"
    return "one_gpu" if count == 1 else "one_node"


def _why(work: TrainingWork, run: TrainingRun, calendar: TrainingCalendar) -> str:
    if not run.fits:
        return "does not fit"
    layout = f"; {run.why}" if run.why else ""
    return (
        f"{run.memory_gib.likely:.0f} GiB a device fits, and a run takes about "
        f"{lasting(calendar.hours.likely)} of the {work.target_hours:,.0f} h allowed{layout}"
    )


def _failures(
    work: TrainingWork, device: Accelerator, run: TrainingRun, calendar: TrainingCalendar
) -> tuple[Reason, ...]:
    found = []
    if not run.fits:
        text = (
            f"needs {run.memory_gib.likely:,.0f} GiB a device, {device.name} has "
            f"{device.memory_gb:,.0f}"
        )
        found.append(Reason(text, estimate="training_memory"))
    if calendar.hours.likely > work.target_hours:
        text = (
            f"a run takes about {calendar.hours.likely:,.0f} h on {device.name}, "
            f"{work.target_hours:,.0f} h are allowed"
        )
        found.append(Reason(text, estimate="training_time"))
    return tuple(found)
