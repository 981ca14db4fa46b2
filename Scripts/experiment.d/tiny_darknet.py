"""Tiny-Darknet in fp32 on output-stationary arrays of 8x8 to 64x64 and on the core alone."""

import argparse
import csv
from dataclasses import dataclass

import plots
import runs
import trends
from runs import ROOT, Run

NETWORK = "tiny-darknet"
SIZES = [8, 16, 32, 64]
MACS = 491_524_096  # of the network's products
RESULTS = ROOT / "results/experiments/tiny-darknet"
PAGE = ROOT / "Configs/experiments/tiny-darknet"

# The original's clocks: 40 MIPS without floating point, a quantum of 1 µs, 10 µs per hardware cycle.
CLOCKS = (
    "clocks.core=100 kHz",
    "cpu.cpu_type=rv32im_zicsr",
    "cpu.cpu_mips=40",
    "cpu.cpu_quanta.q_global=1000",
    "cpu.cpu_quanta.q_low=1",
    "cpu.cpu_quanta.q_high=1000",
)


@dataclass(frozen=True)
class Setting:
    """Systems that are compared with each other."""

    name: str
    title: str
    text: str
    cpu: Run
    arrays: tuple[Run, ...]

    @property
    def runs(self):
        return (self.cpu,) + self.arrays


def arrays(setting, soc, changes=()):
    return tuple(Run(f"{setting}-{n}x{n}", f"{soc}{n}x{n}", n, changes) for n in SIZES)


ORIGINAL_CPU = Run("original-cpu", "experiments/tiny-darknet/cpu", 0)
SETTINGS = [
    Setting(
        "original",
        "The original's system",
        "The array is fed from the DRAM, without memory on the chip or a vector unit; 100 kHz hardware beside a core of 40 MIPS"
        " without floating point, which pools: [os-8x8.json](os-8x8.json) … [cpu.json](cpu.json).",
        ORIGINAL_CPU,
        arrays("original", "experiments/tiny-darknet/os-"),
    ),
    Setting(
        "clocks",
        "The reference systems with the original's clocks",
        "With memories on the chip and a vector unit: [os-fp32-8x8 … 64x64](../../npu/README.md) with `--set` "
        + ", ".join(f"`{change}`" for change in CLOCKS)
        + ".",
        ORIGINAL_CPU,
        arrays("clocks", "npu/os-fp32-", CLOCKS),
    ),
    Setting(
        "reference",
        "The reference systems as they are",
        "500 MHz, a core with floating point: [os-fp32-8x8 … 64x64 and cpu](../../npu/README.md).",
        Run("reference-cpu", "npu/cpu", 0),
        arrays("reference", "npu/os-fp32-"),
    ),
]


COLUMNS = {
    "run": lambda r: r.run.name,
    "soc": lambda r: r.run.soc,
    "array_rows": lambda r: r.run.size,
    "simulated_s": lambda r: f"{r.seconds:.6g}",
    "array_active_share": lambda r: f"{r.array_active / max(r.array_cycles, 1):.4f}",
    "core_running_share": lambda r: f"{r.core_running / max(r.core_cycles, 1):.4f}",
    "instructions": lambda r: r.instructions,
    "dram_bytes": lambda r: r.dram_bytes,
    "dram_bytes_of_core": lambda r: r.dram_core_bytes,
    **{
        f"area_{group.lower()}_mm2": lambda r, g=group: f"{r.area[g]:.6g}"
        for group in runs.GROUP_NAMES
    },
    "area_total_mm2": lambda r: f"{r.total_area:.6g}",
    **{
        f"energy_{group.lower()}_J": lambda r, g=group: f"{r.energy[g]:.6g}"
        for group in runs.GROUP_NAMES
    },
    "energy_accelerator_leakage_J": lambda r: f"{r.array_leakage:.6g}",
    "energy_total_J": lambda r: f"{r.total_energy:.6g}",
    "digest": lambda r: r.digest,
}


def write_csv(results):
    with open(PAGE / "results.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([[column(r) for column in COLUMNS.values()] for r in results])


def number_table(results):
    lines = [
        "| | time | array active | core running | DRAM traffic | area | DRAM | accelerator | core | SRAM | rest | energy |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for r in results:
        active = trends.percent(r.array_active / r.array_cycles) if r.array_cycles else "–"
        energies = " | ".join(trends.joules(r.energy[group]) for group in runs.GROUP_NAMES)
        lines.append(
            f"| {plots.label(r)} | {r.seconds:.4g} s | {active} |"
            f" {trends.percent(r.core_running / r.core_cycles)} | {r.dram_bytes / 1e6:.4g} MB |"
            f" {r.total_area:.3g} mm² | {energies} | {trends.joules(r.total_energy)} |"
        )
    return "\n".join(lines)


def trend_table(judged):
    lines = ["| the original says | our criterion | ours | came out |", "|---|---|---|---|"]
    for trend in judged:
        answer = "yes" if trend.holds else "**no**"
        lines.append(f"| {trend.claim} | {trend.criterion} | {trend.ours} | {answer} |")
    return "\n".join(lines)


def section(setting, results):
    """The part of the page about one setting, with its plots."""
    cpu, *arrays = results
    plots.stacked(
        PAGE / f"area-{setting.name}.svg", arrays, lambda r: r.area, "mm² at 45 nm", "Area"
    )
    plots.times(PAGE / f"time-{setting.name}.svg", results, "Time of one image")
    plots.stacked(
        PAGE / f"energy-{setting.name}.svg", arrays, lambda r: r.energy, "J", "Energy of one image"
    )
    judged = trends.judge(cpu, arrays)
    held = sum(trend.holds for trend in judged)
    text = f"## {setting.title}\n\n{setting.text}\n\n"
    text += f"{held} of {len(judged)} trends came out.\n\n{trend_table(judged)}\n\n"
    if setting.cpu == ORIGINAL_CPU:
        text += (
            f"The core alone: {cpu.seconds:.4g} s (the original: {trends.ORIGINAL_CPU_SECONDS} s),"
            f" {cpu.instructions / 1e9:.3g} G instructions.\n\n"
        )
    text += number_table(results) + "\n\n"
    for plot in ("time", "energy", "area"):
        text += f"![{plot}]({plot}-{setting.name}.svg)\n"
    return text


def remarks(results):
    """Why some of it is not as in the original, with the numbers that show it."""
    small, middle = results["original-8x8"], results["original-16x16"]
    cpu, fast = results["original-cpu"], results["reference-8x8"]

    def leakage(result):
        return trends.percent(result.array_leakage / result.energy["accelerator"])

    speed = small.seconds / middle.seconds
    power = (middle.array_leakage / middle.seconds) / (small.array_leakage / small.seconds)
    per_mac = cpu.instructions / MACS
    original = trends.ORIGINAL_CPU_SECONDS * 40e6 / MACS
    return f"""## Where ours differs

- **Energy of PEs.** At 100 kHz most of it is leakage ({leakage(small)} with 8×8, {leakage(middle)} with 16×16), that is power times
  time. From 8×8 to 16×16 the array's leakage power grows by {power:.2f}× and the time shrinks by {speed:.2f}×; from 16×16 on the
  time shrinks less than the power grows. At 500 MHz leakage is {leakage(fast)} (8×8), and the energy hardly depends on
  the size, because every array does the same multiply-accumulates.
- **The least total.** The original explains it by DRAM energy, which falls, and PE energy, which rises. DRAM energy
  falls here, too, but it is a small share ({trends.percent(small.energy["DRAM"] / small.total_energy)} of the total of 8×8: 8 pJ per bit, no standby power). What
  decides is leakage, as above.
- **The core alone.** {cpu.instructions / 1e9:.3g} G instructions are {per_mac:.0f} per multiply-accumulate, nearly all of it software floating point; the original's
  time is {original:.0f} per multiply-accumulate at 40 MIPS. With the F extension it is {results["reference-cpu"].instructions / MACS:.1f}.
"""


HEADER = """# Tiny-Darknet on arrays of 8×8 to 64×64

The experiment of the original FLECSim-SoC (Hotfilter 2024, section 4.5.2, figure 4.13), repeated: Tiny-Darknet in fp32 on
output-stationary arrays of four sizes and on the core alone; area, time and energy. The original's plot gives no numbers
but the 653 s of the core alone, so trends are compared.

Made by `Scripts/experiment tiny-darknet`, every number and verdict from the stored runs; all numbers are in
[results.csv](results.csv). The outputs of every run are compared with those of the reference executor (`--check`).

"""


def main():
    parser = argparse.ArgumentParser(prog="Scripts/experiment tiny-darknet", description=__doc__)
    parser.add_argument("--plot-only", action="store_true", help="use stored runs")
    parser.add_argument("--missing", action="store_true", help="run only what is not stored")
    parser.add_argument("--only", nargs="*", help="run these only, and make no page")
    options = parser.parse_args()
    every = {run.name: run for setting in SETTINGS for run in setting.runs}
    unknown = [name for name in options.only or [] if name not in every]
    if unknown:
        parser.error(f"unknown run {unknown[0]}; there are: {' '.join(every)}")
    if not options.plot_only:
        for run in every.values() if options.only is None else map(every.get, options.only):
            if options.missing and (RESULTS / run.name / "run.json").exists():
                continue
            runs.execute(run, NETWORK, RESULTS / run.name, runs.program())
    if options.only is not None:
        return
    missing = [name for name in every if not (RESULTS / name / "run.json").exists()]
    if missing:
        parser.error(f"no stored run of {' '.join(missing)}")
    PAGE.mkdir(parents=True, exist_ok=True)
    results = {name: runs.read(run, RESULTS / name) for name, run in every.items()}
    write_csv(results.values())
    page = HEADER + "\n".join(
        section(setting, [results[run.name] for run in setting.runs]) for setting in SETTINGS
    )
    page += "\n" + remarks(results)
    (PAGE / "README.md").write_text(page, encoding="utf-8")
    print(f"experiment: written {PAGE.relative_to(ROOT)}/README.md")


main()
