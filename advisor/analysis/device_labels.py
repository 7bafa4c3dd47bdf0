"""Finds the accelerator that a printed device label means.

A label is never refused for being unknown: the nearest product of its family stands in for it,
then a card with as much memory, then the usual data-centre card; each step away is said, and
widens the interval.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from advisor.domain.hardware import Accelerator
from advisor.frozen import dataclass, replace

FORMS = ("sxm", "pcie", "nvl", "oam")
USUAL_DEVICE = "a100-sxm4-80gb"
"""Stands in for a device of which not even the family or the memory is known."""
SAME = (
    (r"^(nvidia )?gh200( 480gb| superchip)?$", "gh200 96gb"),
    (r"^p3(dn)?\.|nc\d+s_v3", "v100"),
    (r"^p4d\.|^a2-highgpu|nd96asr|^bm\.gpu4", "a100 40gb"),
    (r"^p4de\.|^a2-ultragpu|nd96amsr|nc\d+ads a100|^bm\.gpu\.a100", "a100 80gb"),
    (r"^p5\.|^a3-(high|mega)gpu|nd96isr h100|^bm\.gpu\.h100", "h100"),
    (r"^p5en?\.|^a3-ultragpu|nd96isr h200", "h200"),
    (r"^p6-b200|^a4-highgpu", "b200"),
    (r"^g4dn\.|nc\d+as t4", "t4"),
    (r"^g5\.", "a10g"),
    (r"nv\d+ads a10", "a10"),
    (r"^g6\.|^g2-standard", "l4"),
    (r"^g6e\.", "l40s"),
    (r"^inf1\b|inferentia ?-?v?1?$", "inferentia1"),
    (r"^inf2\b|inferentia ?-?v?2", "inferentia2"),
    (r"^trn1n?\b|trainium ?-?1?$", "trainium1"),
    (r"^trn2u?\b", "trainium2"),
    (r"^hl-?225|gaudi ?-?2(?!\d)", "gaudi2"),
    (r"^hl-?325|gaudi ?-?3(?!\d)", "gaudi3"),
    (r"trillium", "tpu v6e"),
    (r"ironwood", "tpu v7"),
    (r"v5 ?-?lite", "tpu v5e"),
    (r"dgx spark|project digits", "gb10"),
    (r"strix halo|ryzen ai max", "radeon 8060s"),
    (r"^jetson orin$|^orin$|agx orin", "jetson agx orin"),
    (r"^(jetson )?thor", "jetson agx thor"),
    (r"ponte vecchio", "max 1550"),
)
"""Names of clouds and makers for a product: patterns on the lower-case label."""
LIKE = (
    (r"gaudi", "gaudi2"),
    (r"gpu max|ponte|pvc", "max 1550"),
    (r"ascend", "ascend 910b"),
    (r"^c5\w*\.|cascade|xeon.*(82[5-9]\d|62\d\d|52\d\d)", "xeon 8280"),
    (r"^[cmr]6i\w*\.|ice ?lake|xeon.*(83\d\d|63\d\d|53\d\d)", "xeon 8380"),
    (r"^[cmr]8i\w*\.|granite rapids|xeon.*6[79]\d\dp", "xeon 6980p"),
    (r"emerald|xeon.*(85\d\d|65\d\d)", "xeon 8592"),
    (r"xeon.*(e5|e7|v[2-4]\b)|haswell|broadwell", "xeon e5-2690"),
    (r"^[cmr]6a\.|milan|epyc.*7[1-7]\d3", "epyc 7763"),
    (r"\brome\b|epyc.*7\d\d[12]", "epyc 7742"),
    (r"^[cmr]8a\.|turin|epyc.*9\d\d5", "epyc 9755"),
    (r"^[cmr]7a\.|genoa|bergamo|epyc", "epyc 9654"),
    (r"^[cmr]6gd?n?\.|graviton|altra|neoverse", "graviton2"),
    (r"^[cmr]7gd?n?\.", "graviton3"),
    (r"^[cmr]8gd?n?\.|axion|cobalt", "graviton4"),
    (r"core.*ultra|(lunar|meteor|arrow) lake", "core ultra"),
    (r"core.*i[3579]|\bi[3579][ -]\d", "core i9"),
    (r"threadripper", "threadripper 7980x"),
    (r"ryzen", "ryzen 9 7950x"),
    (r"^[cmr]7i\w*\.|sapphire|xeon|x86|\bcpu\b", "xeon 8480"),
    (r"raspberry", "raspberry pi 4"),
    (r"snapdragon|adreno|hexagon|dimensity|pixel|tensor g\d|galaxy|android", "snapdragon"),
)
"""Series whose members are near a product that is known: patterns on the lower-case label."""
CORES = (
    (r"6980p|9755", 128),
    (r"9654|graviton4", 96),
    (r"8592|7763|7742|7980x|graviton[23]", 64),
    (r"8480", 56),
    (r"8380", 40),
    (r"8280", 28),
    (r"e5-2690", 14),
)
"""Cores of the sockets above (makers' product pages)."""
SLICES = (
    (r"metal-(\d+)xl", 4.0),
    (r"\.(\d+)xlarge", 4.0),
    (r"\.(x)large", 4.0),
    (r"[a-z]\d+[a-z]*-(?:standard|highcpu|highmem)-(\d+)", 1.0),
)
"""vCPUs of a cloud's machine for each unit of its size: AWS, Google."""
NOISE = (
    r"nvidia|amd|intel|google|aws|amazon|apple|huawei|geforce|quadro|tesla|instinct|radeon|cloud|"
    r"accelerator|gpus?|generation|edition|graphics|platinum|gold|silver|superchip|processor|"
    r"tensor core|desktop|server|workstation|dgx|hgx|mac studio|mac mini|mac pro|"
    r"macbook( pro| air)?|imac|nodes?|single|blackwell|hopper|ampere"
)
MEMORIES = r"(?<=\d)([ -]+(?:sxm\d?|pcie|nvl))?[ -]+(8|12|16|24|32|40|48|64|80|94|96|128|141|192)$"
"""A bare number after the product that is a memory size."""


@dataclass(frozen=True, slots=True)
class _Label:
    """What a label says: product letters and digits, form factor, memory and cores."""

    product: str
    form: str
    memory: float
    cores: int


def find_device(
    label: str, memory_gb: float | None, accelerators: Mapping[str, Accelerator]
) -> tuple[Accelerator | None, tuple[str, ...]]:
    """Return the accelerator for `label` and what had to be assumed (nothing where it is certain).

    The product (`a100`, `rtx4090`, `mi300x`) must be the same; memory, form factor and cores
    choose among its variants, and SXM is taken where no form is printed. None for a blank label.
    """
    if not label.strip() or not accelerators:
        return None, ("no device is named",)
    said = _read(label)
    memory = memory_gb or said.memory
    devices = [accelerators[key] for key in sorted(accelerators)]
    same = _named(label, SAME, devices)
    same = same or [one for one in devices if said.product in _products(one)]
    if same:
        return _sized(_variant(same, said, memory), memory_gb), ()
    alike = _named(label, LIKE, devices) or _family(said.product, devices)
    if alike:
        found = _slice(_variant(alike, said, memory), label, said.cores)
        return found, (f"device {label!r} taken as {found.name}",)
    return _stand_in(label, memory, accelerators)


def _slice(device: Accelerator, label: str, stated: int) -> Accelerator:
    """Return the share of a processor that a machine of a cloud holds, or that many of its cores:
    two vCPUs a core, one with ARM."""
    whole = next((n for word, n in CORES if re.search(word, device.name.lower())), 0)
    if device.vendor != "cpu" or not whole:
        return device
    sizes = ((re.search(pattern, label.lower()), unit) for pattern, unit in SLICES)
    vcpus = next((unit * int(hit[1].replace("x", "1")) for hit, unit in sizes if hit), 0.0)
    cores = vcpus if "Graviton" in device.name else vcpus / 2
    share = (cores or stated) / whole
    if not 0 < share < 1:
        return device
    return replace(
        device,
        tflops={kind: rate * share for kind, rate in device.tflops.items()},
        memory_gb_s=device.memory_gb_s * share,
    )


def _sized(device: Accelerator, memory_gb: float | None) -> Accelerator:
    """Return the device with the memory that is stated, where no variant has about as much."""
    if not memory_gb or abs(memory_gb - device.memory_gb) <= 0.1 * device.memory_gb:
        return device
    return replace(device, memory_gb=memory_gb)


def _stand_in(
    label: str, memory: float, accelerators: Mapping[str, Accelerator]
) -> tuple[Accelerator, tuple[str, ...]]:
    """Return the card with the nearest memory, the newest of equals; else the usual device."""
    cards = [one for one in accelerators.values() if one.form_factor.startswith("pcie")]
    usual = accelerators.get(USUAL_DEVICE) or next(iter(accelerators.values()))
    found = usual
    if memory and cards:
        found = min(cards, key=lambda d: (abs(d.memory_gb - memory), -d.launch_year, d.id))
    return found, (f"no device like {label!r} is known", f"taken as {found.name}: extrapolated")


def _variant(devices: Iterable[Accelerator], said: _Label, memory: float) -> Accelerator:
    """Return the variant nearest in form, cores and memory; the largest where none is stated."""

    def miss(device: Accelerator) -> tuple[float, ...]:
        form = said.form or "sxm"
        own = f"{device.form_factor} {device.id}".lower()
        away = abs(device.memory_gb - memory) if memory else -device.memory_gb
        cores = _read(device.name).cores or _read(device.id).cores
        apart = abs(cores - said.cores) if said.cores else -cores
        if said.form == "pcie":
            return (form not in device.form_factor, "nvl" in own, apart, away)
        return (form not in own, apart, away)

    return min(devices, key=lambda device: (*miss(device), device.id))


def _named(
    label: str, names: tuple[tuple[str, str], ...], devices: list[Accelerator]
) -> list[Accelerator]:
    """Return the devices that a cloud's, maker's or series' word stands for."""
    spellings = (_uncounted(label), _uncounted(label).replace("-", " "))
    meant = (word for pattern, word in names if any(re.search(pattern, one) for one in spellings))
    product = next((_read(word) for word in meant), None)
    if product is None:
        return []
    same = [one for one in devices if any(n.startswith(product.product) for n in _products(one))]
    sized = [one for one in same if one.memory_gb == product.memory]
    return sized or same


def _family(product: str, devices: list[Accelerator]) -> list[Accelerator]:
    """Return the devices that a product word is nearest to: the longest that it holds, the
    shortest that holds it, or the nearest number after the same letters."""
    pairs = [(own, one) for one in devices for own in _products(one)]
    held = max((len(own) for own, _ in pairs if len(own) > 3 and own in product), default=0)
    if held:
        return [one for own, one in pairs if len(own) == held and own in product]
    if len(product) > 3:
        holds = min((len(own) for own, _ in pairs if product in own), default=0)
        if holds:
            return [one for own, one in pairs if len(own) == holds and product in own]
    return _nearest_number(product, pairs)


def _nearest_number(product: str, pairs: list[tuple[str, Accelerator]]) -> list[Accelerator]:
    wanted = re.search(r"([a-z]+)(\d+)", product)
    if not wanted or len(wanted[1]) < 2:
        return []
    apart = [
        (abs(int(own[2]) - int(wanted[2])), one)
        for own, one in ((re.search(r"([a-z]+)(\d+)", name), one) for name, one in pairs)
        if own and own[1] == wanted[1]
    ]
    nearest = min((distance for distance, _ in apart), default=0)
    return [one for distance, one in apart if distance == nearest]


def _products(device: Accelerator) -> frozenset[str]:
    """Return the product words of a device by id and by name."""
    return frozenset({_read(device.id).product, _read(device.name).product})


def _uncounted(label: str) -> str:
    """Return the label in lower case without a count of devices before or after it."""
    low = label.strip().lower().replace("_", " ")
    low = re.sub(r"^\d+\s*[x*\u00d7]\s*(?=[a-z])", "", low)
    return re.sub(r"\s+[x*\u00d7]\s*\d+$", "", low)


@lru_cache(maxsize=4096)
def _read(label: str) -> _Label:
    low = _uncounted(label)
    memory = re.search(r"(\d+)\s*gi?b\b", low) or re.search(MEMORIES, low)
    cores = re.search(r"(\d+)[ -]?(?:c|cores?)\b", low)
    form = next((form for form in FORMS if form in low), "")
    low = re.sub(r"\(.*?\)", " ", low)
    low = re.sub(r"\b\d+\s*gi?b\b|\b\d+[ -]?(?:c|cores?)\b", " ", low)
    low = re.sub(rf"\b({NOISE})\b", " ", low)
    low = re.sub(MEMORIES, " ", low.strip())
    low = re.sub(r"(sxm|pcie|nvl|hbm|oam)\w*|\bse\b|\brtx(?=[ -]*a\d{4})", " ", low)
    return _Label(
        re.sub(r"[^a-z0-9]", "", low),
        form,
        float(memory[memory.lastindex or 1]) if memory else 0.0,
        int(cores[1]) if cores else 0,
    )
