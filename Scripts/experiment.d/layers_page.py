"""The page about layers of ResNet."""

from layers import CHIP, DRAM, GEMMINI_SIZE, MODELS, REPETITIONS, SIZES, TIMED, WHOLE, Case
from layers_original import TIMES, judge, pooling_errors, signed
from layers_plots import TITLES

HEADER = """# Layers of ResNet: models against cycles

The experiment of Hotfilter 2024, section 4.5.3, figure 4.16 and table 4.1, repeated: three layers of ResNet on arrays of 8×8, 16×16
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
L2 and L3 are the first two convolutions of ResNet-50's first bottleneck. SCALE-Sim's times in table 4.1 suggest these: 16 s and
147 s are in the ratio 1 : 9.2, and the layers' work is 1 : 9.

## The machines

int8 on weight-stationary arrays: [ws-8x8 … ws-32x32](../../npu/README.md), 128 bits per cycle from the DRAM. Two settings:

- **maps on the chip**: the systems as they are; only L1 without its pooling is too large for their memories.
- **maps in the DRAM**: DRAM_CHANGES. Inputs come from the DRAM and outputs go there, as with the original's
  Gemmini, where each layer starts and ends in memory.

Cycles are those of the layer on the array. Quantising the image and giving back fp32 are the core's work and not counted, except in
ResNet-34's second line. `gemmini-printed` (the original's equations 4.1 to 4.4) and `gemmini` (ours of the same machine, command
by command) are about another accelerator, a 16×16 Gemmini: they do not vary with the array and stand at 16×16 only.
The other models' errors are against the simulator in the same row.

"""

COMMANDS = """## By hand

```sh
cd Configs/experiments/resnet-layers
flecsim network l2.cfg --samples samples --count 2
flecsim quantize l2.cfg --calibrate samples --output l2.onnx
flecsim estimate ../../npu/ws-32x32.json --network l2.onnx --model all
flecsim run ../../npu/ws-32x32.json --network l2.onnx --check --results -
```
"""


def grouped(number):
    return f"{number:,}"


def seconds(value):
    if value >= 3600:
        return f"{value / 3600:g} h"
    return f"{value:.3g} s"


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
        error = signed(r.soc_whole / r.simulated_whole - 1)
        parts.append(f"{size}×{size}: {grouped(r.simulated_whole)} (`soc` {error})")
    return "ResNet-34 with the core's layers: " + ", ".join(parts) + ".\n"


def time_table(times):
    """Table 4.1 and ours, at 16×16."""
    lines = [
        "| | analytical | SCALE-Sim | cycle-accurate | `tiled` | `soc` | simulator |"
        " simulator : `soc` | their cycle-accurate : our simulator |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for network in TIMED:
        theirs = TIMES[network]
        ours = {k: v["elapsed_s"] for k, v in times[Case(network, 16, CHIP)]["times"].items()}
        bound = "> " if theirs.is_bound else ""
        more = "over " if theirs.is_bound else ""
        lines.append(
            f"| {TITLES[network]} | {seconds(theirs.analytical)} | {seconds(theirs.scalesim)} |"
            f" {bound}{seconds(theirs.cycle_accurate)} | {seconds(ours['tiled'])} |"
            f" {seconds(ours['soc'])} | {seconds(ours['run'])} | {ours['run'] / ours['soc']:.1f} |"
            f" {more}{theirs.cycle_accurate / ours['run']:,.0f} |"
        )
    return "\n".join(lines)


def size_table(times):
    lines = [
        "| | " + " | ".join(f"{tool} {n}×{n}" for tool in ("`tiled`", "`soc`", "simulator") for n in SIZES) + " |",
        "|---|" + "---:|" * (3 * len(SIZES)),
    ]
    for network in TIMED:
        cells = [
            seconds(times[Case(network, n, CHIP)]["times"][tool]["cpu_s"])
            for tool in ("tiled", "soc", "run")
            for n in SIZES
        ]
        lines.append(f"| {TITLES[network]} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def remarks(results):
    def case(network, size, setting=CHIP):
        return results[Case(network, size, setting)]

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
  so windows are read in the DRAM directly, three bytes at a time.
- **L1 and SCALE-Sim.** Its convention unrolls the whole window of 147 inputs over the rows. Our arrays, as Gemmini, unroll channels
  and take windows pixel by pixel: 3 channels leave most rows empty, and short bursts starve the array. At 16×16 that takes
  {first.simulated / first.models["scalesim"]:.1f} times the cycles of the convention; the models that know the mapping (`soc`, `tiled`) show it, `roofline` does not.
- **L2 and bandwidth.** With maps on the chip the widened ports of ws-32x32 feed the array, and the convention is not far off ({narrow}). With maps
  in the DRAM 32×32 takes {factor:.1f} times its cycles: moving every byte once takes {grouped(bus)} already (`roofline`). That is the
  original's observation, and its cause is the bandwidth, not the kernel.
- **L3** has 9 times the work for the same bytes: all agree.
- **Less than 1 %** is a claim of the original's introduction about its model and Gemmini's RTL, without a table. Our simulator
  stands where that RTL stood; `soc` knows more of its system than equations do, and its errors are in the table.
- **Times** are of whole commands: start, reading the network, mapping, printing. Theirs are for Gemmini's RTL under Verilator,
  SCALE-Sim and a model in Python on one core of an AMD EPYC 7702P, and not for the same machine as ours. What can be said: our simulator, which
  counts every cycle too, takes about as long as their model; that is why estimates are needed for
  thousands of designs and not for one. SCALE-Sim itself was not run here; its convention costs what every model costs.
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
    return text + remarks(results) + "\n" + COMMANDS
