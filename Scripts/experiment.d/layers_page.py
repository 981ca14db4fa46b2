"""The page about layers of ResNet."""

from layers import (
    CHIP,
    DRAM,
    GEMMINI_SIZE,
    MODELS,
    REPETITIONS,
    SIZES,
    TIMED,
    TIMED_TOOLS,
    WHOLE,
    Case,
)
from layers_original import TIMES, judge, pooling_errors, signed
from layers_plots import TITLES

HEADER = """# Layers of ResNet: models against cycles

The experiment behind figure 4.16 and table 4.1 of the original FLECSim (Hotfilter 2024), repeated: three layers of ResNet on arrays of 8×8, 16×16
and 32×32, ResNet-34 whole; cycles by models, by SCALE-Sim's convention and by the simulator, and how long each of them
takes. The figure's bars carry no numbers, so trends are compared; the table's times stand beside ours.

Made by `Scripts/experiment resnet-layers`, every number and verdict from stored runs; all numbers are in [results.csv](results.csv) and
[times.csv](times.csv). The outputs of every run are those of the reference executor, bit by bit (`--check`).

## The layers

| | layer | input | output | MACs |
|---|---|---|---|---:|
| [L1](l1.cfg) | 7×7/2 convolution of 64 channels, then 3×3/2 max pooling | 224×224×3 | 56×56×64 | 118,013,952 |
| [L2](l2.cfg) | 1×1 convolution of 64 channels | 56×56×64 | 56×56×64 | 12,845,056 |
| [L3](l3.cfg) | 3×3 convolution of 64 channels | 56×56×64 | 56×56×64 | 115,605,504 |

The original names kernels only. L1 is the first layer of every ResNet, with its pooling (there is [one without](l1-no-pooling.cfg), too);
L2 and L3 are the first two convolutions of ResNet-50's first bottleneck. SCALE-Sim's
times in table 4.1 suggest these: 16 s and 147 s are in the ratio 1 : 9.2, and the layers' work is 1 : 9. Weights are random; no
cycle depends on them.

## The machines

int8 on weight-stationary arrays: [ws-8x8 … ws-32x32](../../npu/README.md), 128 bits per cycle from the DRAM. Two settings:

- **maps on the chip**: the systems as they are; only the output of L1 without its pooling (803 KB) is too large for 512 KiB.
- **maps in the DRAM**: DRAM_CHANGES. Inputs come from the DRAM and outputs go there, as with the original's
  Gemmini, where each layer starts and ends in memory.

Cycles are those of the layer on the array. Quantising the image and giving back fp32 are the core's work and not counted, except in
ResNet-34's second line. `gemmini-printed` (the original's equations 4.1 to 4.4) and `gemmini` (ours of the same machine, command
by command) are about another accelerator, a 16×16 Gemmini: they do not vary with the array and stand at 16×16 only.
The other models' errors are against the simulator in the same row.

"""

COMMANDS = """## By hand

```console
$ flecsim network Configs/experiments/resnet-layers/l2.cfg --samples noise --count 1
$ flecsim quantize Configs/experiments/resnet-layers/l2.cfg --calibrate noise --output l2.onnx
$ flecsim estimate Configs/npu/ws-32x32.json --network l2.onnx --model all
```

```sh
flecsim run Configs/npu/ws-32x32.json --network l2.onnx --check
```
"""


def grouped(number):
    return f"{number:,}"


def seconds(value):
    if value in (3600, 48 * 3600):
        return f"{value / 3600:g} h"
    if value >= 1000:
        return f"{value:,.0f} s"
    return f"{value:.0f} s" if value >= 100 else f"{value:.2g} s"


def trend_table(judged):
    lines = ["| the original says | our criterion | ours | came out |", "|---|---|---|---|"]
    for trend in judged:
        answer = "yes" if trend.holds else "**no**"
        lines.append(f"| {trend.claim} | {trend.criterion} | {trend.ours} | {answer} |")
    return "\n".join(lines)


def cycle_table(results, setting):
    """Rows of layers and sizes; each model's cycles with its error."""
    models = [m for m in MODELS if not m.startswith("gemmini")]
    both = models + ["gemmini-printed", "gemmini"]
    lines = [
        "| layer | array | simulator | " + " | ".join(f"`{m}`" for m in both) + " |",
        "|---|---|" + "---:|" * (len(both) + 1),
    ]
    networks = ["l1", "l1-no-pooling", "l2", "l3"] + ([WHOLE] if setting == CHIP else [])
    names = {"l1": "L1", "l1-no-pooling": "L1 without pooling", "l2": "L2", "l3": "L3"}
    for network in networks:
        for size in SIZES:
            result = results[Case(network, size, setting)]
            cells = [names.get(network, "ResNet-34"), f"{size}×{size}", grouped(result.simulated)]
            for model in both:
                value = result.models.get(model)
                if value is None:
                    cells.append("–")
                elif model in models:
                    cells.append(f"{grouped(value)} ({signed(result.error(model))})")
                else:
                    cells.append(grouped(value))
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def whole_network(results):
    """ResNet-34 with what the core does."""
    parts = []
    for size in SIZES:
        r = results[Case(WHOLE, size, CHIP)]
        errors = ", ".join(
            f"`{m}` {signed(c / r.simulated_whole - 1)}" for m, c in r.whole.items()
        )
        parts.append(f"{size}×{size}: {grouped(r.simulated_whole)} ({errors})")
    return "ResNet-34 with the core's layers: " + ", ".join(parts) + ".\n"


def time_table(times):
    """Table 4.1 and ours, at 16×16."""
    lines = [
        "| | analytical | SCALE-Sim | cycle-accurate | `tiled` | `soc` | `beats` | simulator |"
        " cycle-accurate : analytical | simulator : `soc` | cycle-accurate : simulator |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for network in TIMED:
        theirs = TIMES[network]
        ours = {k: v["elapsed_s"] for k, v in times[Case(network, 16, CHIP)]["times"].items()}
        bound = "> " if theirs.is_bound else ""
        lines.append(
            f"| {TITLES[network]} | {seconds(theirs.analytical)} | {seconds(theirs.scalesim)} |"
            f" {bound}{seconds(theirs.cycle_accurate)} | {seconds(ours['tiled'])} |"
            f" {seconds(ours['soc'])} | {seconds(ours['beats'])} | {seconds(ours['run'])} |"
            f" {bound}{theirs.cycle_accurate / theirs.analytical:,.0f} |"
            f" {ours['run'] / ours['soc']:.1f} |"
            f" {bound}{theirs.cycle_accurate / ours['run']:,.0f} |"
        )
    return "\n".join(lines)


def size_table(times):
    tools = ("`tiled`", "`soc`", "`beats`", "simulator")
    lines = [
        "| | " + " | ".join(f"{tool} {n}×{n}" for tool in tools for n in SIZES) + " |",
        "|---|" + "---:|" * (len(tools) * len(SIZES)),
    ]
    for network in TIMED:
        cells = [
            seconds(times[Case(network, n, CHIP)]["times"][tool]["cpu_s"])
            for tool in TIMED_TOOLS
            for n in SIZES
        ]
        lines.append(f"| {TITLES[network]} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def remarks(results, times):
    def case(network, size, setting=CHIP):
        return results[Case(network, size, setting)]

    def run(network):
        return seconds(times[Case(network, GEMMINI_SIZE, CHIP)]["times"]["run"]["elapsed_s"])

    [printed] = pooling_errors(results, CHIP, "gemmini-printed")
    [improved] = pooling_errors(results, CHIP, "gemmini")
    chip = ", ".join(signed(e) for e in pooling_errors(results, CHIP))
    dram = ", ".join(signed(e) for e in pooling_errors(results, DRAM))
    narrow = ", ".join(signed(case("l2", n, CHIP).error("scalesim")) for n in SIZES)
    factor = case("l2", 32, DRAM).simulated / case("l2", 32, DRAM).models["scalesim"]
    bus = case("l2", 32, DRAM).models["roofline"]
    first = case("l1", 16)
    return f"""## What to make of it

- **Pooling.** On Gemmini it is done on the way out and costs what the original says: {signed(printed)} by its own equations, {signed(improved)} by our model
  of the command queue. On our systems a vector unit pools in the stream. With maps on the chip that costs nothing
  ({chip} for 8×8, 16×16, 32×32). With small memories it costs {dram}: a layer that pools cannot be cut into pieces of its input there,
  so every window is read in the DRAM directly, again for every strip of channels.
- **L1 and SCALE-Sim.** Its convention unrolls the whole window over the array's rows: 147 inputs are 10 passes of 16. Ours takes a row of the
  window at a time, as its pixels are neighbours in the memory: 21 inputs, 14 passes for 7 rows; and the array waits for
  the DMA that collects such short runs ({100 * first.share("wait-in1"):.0f} % of the cycles). At 16×16 that is {first.simulated / first.models["scalesim"]:.1f} times the convention's cycles; `soc` and
  `tiled`, which know the mapping, show it, `roofline` does not. Gemmini unrolls the 3 channels and takes even longer.
- **L2 and bandwidth.** With maps on the chip the widened ports of ws-32x32 feed the array, and the convention is nearer ({narrow}). With maps
  in the DRAM 32×32 takes {factor:.1f} times its cycles: moving every byte once takes {grouped(bus)} already (`roofline`), and {100 * case("l2", 32, DRAM).share("wait-out"):.0f} % of
  the cycles the array waits for its outputs to leave. That is the original's observation; its cause is bandwidth.
- **L3** has 9 times the work of L2 for nearly the same bytes: the array is busy all the time, and all agree.
- **Less than 1 %** is a claim of the original's introduction about its model and Gemmini's RTL, without a table. Our simulator
  stands where that RTL stood. `beats` works the same plan through beat by beat, without data, and comes out the same to a few cycles; `soc`
  and `tiled` know the plan, but not when two streams meet at a memory's port. Their errors are in the table.
- **Times** are of whole commands: start, reading the network, mapping, printing. Theirs are for Gemmini's RTL under Verilator,
  SCALE-Sim and a model in Python on one core of an AMD EPYC 7702P, and not for the same machine as ours. What can be said: our simulator, which
  counts every cycle too, takes {run("l1")} to {run(WHOLE)}, their model {seconds(TIMES["l2"].analytical)} to {seconds(TIMES[WHOLE].analytical)}; estimates pay for thousands of designs, not for
  one. A command that estimates spends most of its time on reading and mapping the network: [explore](../../../Sources/Exploration/README.md) does that once per study.
  The simulator's time falls with the size of the array, as there are fewer cycles.
  SCALE-Sim itself was not run here; its convention costs what every model costs.
"""


def page(results, times):
    judged = judge(results, times)
    held = sum(trend.holds for trend in judged)
    changes = " and ".join(f"`--set '{change}'`" for change in DRAM.changes)
    text = HEADER.replace("DRAM_CHANGES", changes)
    text += f"## Trends\n\n{held} of {len(judged)} came out.\n\n{trend_table(judged)}\n\n"
    for setting, title in ((CHIP, "Cycles, maps on the chip"), (DRAM, "Cycles, maps in the DRAM")):
        text += f"## {title}\n\n![cycles](cycles-{setting.name}.svg)\n\n"
        text += cycle_table(results, setting) + "\n\n"
        if setting == CHIP:
            text += whole_network(results) + "\n"
    hosts = sorted({record["host"] for record in times.values()})
    text += (
        f"## Times\n\n![times](times.svg)\n\nOne layer or network at {GEMMINI_SIZE}×{GEMMINI_SIZE}: the original's three columns,"
        f" then ours (elapsed, the best of {REPETITIONS}, on {', '.join(hosts)}, beside other work).\n\n"
    )
    text += time_table(times) + "\n\nProcessor time by array size:\n\n" + size_table(times) + "\n\n"
    return text + remarks(results, times) + "\n" + COMMANDS
