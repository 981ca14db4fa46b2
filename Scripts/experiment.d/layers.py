"""What is estimated, run and timed for the layers of ResNet, and how it is read back."""

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass, field

from runs import ROOT, program

PAGE = ROOT / "Configs/experiments/resnet-layers"
RESULTS = ROOT / "results/experiments/resnet-layers"
SIZES = [8, 16, 32]
LAYERS = ["l1", "l1-no-pooling", "l2", "l3"]
WHOLE = "resnet34"
# What is timed: the layers of the original's table and the network.
TIMED = ["l1", "l2", "l3", WHOLE]
TIMED_TOOLS = ["tiled", "soc", "beats", "run"]
# Of so many repetitions the fastest counts: the others measure what else the machine did.
REPETITIONS = 3
MODELS = ["beats", "soc", "tiled", "roofline", "scalesim", "gemmini-printed", "gemmini"]
# The models of Gemmini are about 16x16 whatever the SoC is.
GEMMINI_SIZE = 16


@dataclass(frozen=True)
class Setting:
    """Where feature maps are between layers."""

    name: str
    changes: tuple[str, ...] = ()

    @property
    def words(self):
        return [word for change in self.changes for word in ("--set", change)]


CHIP = Setting("chip")
# Too small for the maps of L1 to L3, large enough for the weights of a strip of channels.
DRAM = Setting("dram", ("memories.act.length=64 KiB", "memories.wgt.length=48 KiB"))
SETTINGS = [CHIP, DRAM]


@dataclass(frozen=True)
class Case:
    """A network on a system."""

    network: str
    size: int
    setting: Setting

    @property
    def name(self):
        return f"{self.setting.name}-{self.size}x{self.size}-{self.network}"

    @property
    def words(self):
        """The arguments of `flecsim run` and `flecsim estimate`."""
        soc = f"Configs/npu/ws-{self.size}x{self.size}.json"
        return [soc, "--network", str(onnx(self.network)), *self.setting.words]

    @property
    def folder(self):
        return RESULTS / self.name


CASES = [Case(layer, size, s) for s in SETTINGS for layer in LAYERS for size in SIZES] + [
    Case(WHOLE, size, CHIP) for size in SIZES
]
TIMED_CASES = [Case(network, size, CHIP) for network in TIMED for size in SIZES]


def onnx(network):
    """The file of a network in int8."""
    return (RESULTS / "networks" / f"{network}.onnx").relative_to(ROOT)


def call(words, output=None):
    """Runs flecsim and gives elapsed and processor seconds; a failure ends the script."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    done = subprocess.run(
        [program(), *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    elapsed = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-5:])
        sys.exit(f"experiment: flecsim {' '.join(words)} ended with {done.returncode}:\n{tail}")
    if output is not None:
        output.write_text(done.stdout, encoding="utf-8")
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return elapsed, processor


def quantise(network):
    """Makes the int8 network; scales come from noise, and no cycle depends on them."""
    (RESULTS / "networks").mkdir(parents=True, exist_ok=True)
    if network == WHOLE:
        call(["quantize", network, "--count", "1", "--output", str(onnx(network))])
        return
    source = str(PAGE / f"{network}.cfg")
    samples = str(RESULTS / "networks" / network)
    call(["network", source, "--samples", samples, "--count", "2"])
    call(["quantize", source, "--calibrate", samples, "--output", str(onnx(network))])


def evaluate(case):
    """Estimates and runs a case; run.json, written last, says that both are there."""
    case.folder.mkdir(parents=True, exist_ok=True)
    (case.folder / "run.json").unlink(missing_ok=True)
    estimate = ["estimate", *case.words, "--model", "all", "--format", "json"]
    call(estimate, case.folder / "estimate.json")
    elapsed, _ = call(["run", *case.words, "--check", "--results", str(case.folder)])
    print(f"{case.name}: {elapsed:.1f} s", flush=True)


def measure(case):
    """Times models and simulator: whole commands, with reading the network and printing."""
    times = {}
    for tool in TIMED_TOOLS:
        if tool == "run":
            words = ["run", *case.words, "--results", "-"]
        else:
            words = ["estimate", *case.words, "--model", tool]
        taken = [call(words) for _ in range(REPETITIONS)]
        times[tool] = {"elapsed_s": min(t[0] for t in taken), "cpu_s": min(t[1] for t in taken)}
    case.folder.mkdir(parents=True, exist_ok=True)
    record = {"host": host(), "times": times}
    (case.folder / "times.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    print(f"{case.name}: {times}", flush=True)


def host():
    """The processor, as the kernel calls it."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        models = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    return f"{len(os.sched_getaffinity(0))} × {models[0] if models else 'unknown'}"


@dataclass
class Result:
    """Cycles of a case's array layers; `whole` counts the core's layers too."""

    case: Case
    macs: int = 0
    simulated: int = 0
    simulated_whole: int = 0
    models: dict[str, int] = field(default_factory=dict)
    # The whole network by the models of the SoC.
    whole: dict[str, int] = field(default_factory=dict)
    # Cycles in states of the array: wait-in1, wait-out, …
    states: dict[str, int] = field(default_factory=dict)
    digest: str = ""

    def share(self, state):
        """Of the simulated cycles."""
        return self.states.get(state, 0) / self.simulated

    def error(self, model):
        """Of a model against the simulator; None where the model is about another machine."""
        if model not in self.models:
            return None
        return self.models[model] / self.simulated - 1


def read(case):
    """Reads what `evaluate` left."""
    load = lambda name: json.loads((case.folder / name).read_text())
    registry, estimate, plan = load("registry.json"), load("estimate.json"), load("plan.json")
    result = Result(case, digest=load("run.json")["digest"])
    on_array = {layer["name"] for layer in plan["layers"] if layer["on"] == "array"}
    array = next(m for m in registry["modules"] if m["path"] == "array")
    for index, tag in enumerate(registry["tags"]):
        for state in array["states"]:
            cycles = state["cycles"][index]
            result.simulated_whole += cycles
            if tag in on_array:
                result.simulated += cycles
                result.states[state["name"]] = result.states.get(state["name"], 0) + cycles
    result.macs = sum(layer["macs"] for layer in estimate["layers"])
    for model in estimate["models"]:
        name = model["name"]
        if name in ("beats", "soc"):
            result.whole[name] = model["cycles"]
        if name not in MODELS or (name.startswith("gemmini") and case.size != GEMMINI_SIZE):
            continue
        result.models[name] = sum(
            cycles or 0
            for cycles, layer in zip(model["layers"], estimate["layers"])
            if layer["engine"] == "array"
        )
    return result


def read_times(case):
    return json.loads((case.folder / "times.json").read_text())
