"""Labels as publishers print them: every one finds its product or says what stands in for it."""

import pytest

from advisor.analysis.device_labels import find_device
from advisor.analysis.estimate_table import Estimators
from advisor.analysis.leave_out import SPLITS, grouping, model_family
from advisor.analysis.model_labels import nearest_model

ESTIMATORS = Estimators.built_in()
CATALOGUE = ESTIMATORS.training


@pytest.mark.parametrize(
    ("label", "found"),
    [
        ("H100 SXM5 80GB", "h100-sxm5-80gb"),
        ("h100-pcie", "h100-pcie-80gb"),
        ("8x H100", "h100-sxm5-80gb"),
        ("DGX A100", "a100-sxm4-80gb"),
        ("a100_sxm_80", "a100-sxm4-80gb"),
        ("p4d.24xlarge", "a100-sxm4-40gb"),
        ("GH200 480GB", "gh200-96gb"),
        ("GB200 NVL72", "gb200-186gb"),
        ("RX 7900 XTX", "radeon-rx-7900-xtx"),
        ("MI250", "mi250"),
        ("TPU v3-8", "tpu-v3"),
        ("Trillium", "tpu-v6e"),
        ("Gaudi 3", "gaudi3"),
        ("Gaudi-32GB", "gaudi1"),
        ("M2 Ultra", "apple-m2-ultra-76c"),
        ("Mac Studio M2 Ultra 192GB", "apple-m2-ultra-76c"),
        ("Apple M2 Ultra 60-core", "apple-m2-ultra-60c"),
        ("Jetson Orin Nano", "jetson-orin-nano-8gb"),
        ("Xeon 8480+", "xeon-8480"),
        ("Graviton3", "graviton3"),
        ("Jetson-Thor", "jetson-agx-thor-128gb"),
        ("DGX-Spark", "gb10-128gb"),
        ("NVIDIA GeForce RTX 4080 SUPER", "rtx4080super"),
    ],
)
def test_a_spelling_finds_its_product(label: str, found: str) -> None:
    device, guesses = find_device(label, None, CATALOGUE.accelerators)
    assert device is not None
    assert (device.id, guesses) == (found, ())


@pytest.mark.parametrize(
    ("label", "found"),
    [
        ("Xeon Gold 6248", "xeon-8280"),
        ("EPYC 7543", "epyc-7763"),
        ("c7g.16xlarge", "graviton3"),
        ("iPhone 12", "iphone-13-pro-max"),
        ("RX 6800", "radeon-rx-6800-xt"),
        ("Groq LPU", "a100-sxm4-80gb"),
    ],
)
def test_an_unknown_device_is_taken_as_a_near_one_and_said(label: str, found: str) -> None:
    device, guesses = find_device(label, None, CATALOGUE.accelerators)
    assert device is not None
    assert device.id == found
    assert any("taken as" in guess for guess in guesses)


def test_every_device_is_found_by_its_own_name() -> None:
    known = CATALOGUE.accelerators
    lost = {
        device.name
        for device in known.values()
        if find_device(device.name, device.memory_gb, known)[1]
    }
    assert not lost


@pytest.mark.parametrize(
    ("label", "found"),
    [
        ("meta-llama/Meta-Llama-3-8B-Instruct", "llama-3-8b"),
        ("Mixtral-8x22B-Instruct-v0.1", "mixtral-8x22b"),
        ("DeepSeek-R1-Distill-Qwen-32B", "qwen2.5-32b"),
        ("DeepSeek-V2-Lite", "deepseek-v2-lite"),
        ("DeepSeek-V3", "deepseek-v3"),
        ("bert-base-uncased", "bert-base"),
        ("phi-3-mini-4k-instruct", "phi-3-mini"),
        ("bloomz-7b1", "bloom-7b1"),
        ("flan-t5-xl", "t5-3b"),
        ("GPT-3 175B", "gpt-175b"),
        ("TinyLlama-1.1B-Chat-v1.0", "tinyllama-1.1b"),
        ("Llama-2-13b-chat-hf", "llama-2-13b"),
        ("BAAI/bge-reranker-v2-m3", "xlm-roberta-large"),
        ("cross-encoder/ms-marco-MiniLM-L-6-v2", "all-minilm-l6-v2"),
        ("snowflake-arctic-embed-l-v2.0", "snowflake-arctic-embed-l-v2"),
        ("NV-Embed-v2", "mistral-7b-v0.3"),
        ("SeamlessM4T-v2-large", "seamless-m4t-v2-large"),
    ],
)
def test_a_release_is_read_as_its_architecture(label: str, found: str) -> None:
    assert nearest_model(label, CATALOGUE.models) == (found, False)


NAMES = {
    "vision": (
        "ResNet-50, ViT-L/16, DeiT-S, Swin-T, ConvNeXt-L, EfficientNet-B7, MobileNet-SSD, YOLOv3, "
        "YOLOv8n, Mask R-CNN, RT-DETR-L, SAM ViT-H, Inception-v3, VGG-16, DeepLabV3-ResNet101, "
        "SqueezeNet, MLP-Mixer-B, DINOv2-L, 3D-UNet, RegNetY-16GF, "
        "YOLO26n, MobileSAM, PointPillars, R(2+1)D-18, SlowFast-R50, ArcFace-R100"
    ),
    "diffusion": "Stable Diffusion 1.5, SD 2.1, SDXL, FLUX.1-dev, SD3 Medium, PixArt-alpha, LCM",
    "asr": "Whisper-large-v3, whisper-tiny, distil-large-v3, wav2vec2-large, Parakeet-TDT-0.6B",
}


@pytest.mark.parametrize(
    ("task", "model"),
    [(task, name) for task, names in NAMES.items() for name in names.split(", ")],
)
def test_a_network_is_known_by_its_name_alone(task: str, model: str) -> None:
    row = {"task": task, "model": model, "gpu": "L4", "engine": "PyTorch"}
    cells = ESTIMATORS.predictor("inference")(row)
    assert cells["refused"] == ""
    assert float(cells["pred_items_per_s"]) > 0.0


def test_a_name_that_holds_a_backbones_is_not_taken_for_it() -> None:
    predict = ESTIMATORS.predictor("inference")
    usual = {"task": "vision", "gpu": "A100", "batch_or_concurrency": "64"}
    rows = (usual | {"model": name} for name in ("DeepLabV3-R101", "ResNet-101"))
    segmenter, classifier = (float(predict(row)["pred_items_per_s"]) for row in rows)
    assert segmenter < classifier / 5


def test_rows_are_grouped_by_device_generation_model_family_and_engine() -> None:
    row = {
        "task": "llm_decode",
        "model": "Qwen2.5-7B",
        "gpu": "L40S",
        "engine": "vLLM 0.6",
        "source": "s",
    }
    groups = [grouping(split, CATALOGUE.accelerators)(row) for split in SPLITS]
    assert groups == ["s", "ada", "qwen", "vllm"]
    assert model_family("tf_efficientnetv2_s") == "efficientnetv"


def test_a_slice_of_a_processor_has_its_share_of_it() -> None:
    """A c5.4xlarge holds eight of the 28 cores; ARM has no second thread a core."""
    whole, _ = find_device("Xeon 8280", None, CATALOGUE.accelerators)
    assert whole is not None
    for label, cores in (
        ("c5.4xlarge", 8),
        ("Cascade Lake (g2-standard-16, CPU)", 8),
        ("Xeon Gold 6248 20 cores", 20),
    ):
        part, _ = find_device(label, None, CATALOGUE.accelerators)
        assert part is not None
        assert part.tflops["fp32"] == pytest.approx(whole.tflops["fp32"] * cores / 28)
        assert part.memory_gb_s == pytest.approx(whole.memory_gb_s * cores / 28)
