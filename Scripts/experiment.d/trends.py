"""What the original reported of its experiment, and whether a set of results says the same."""

from dataclasses import dataclass

# Simulated seconds of the core alone in the original (Hotfilter 2024, section 4.5.2).
ORIGINAL_CPU_SECONDS = 653
STRONG = 0.25  # "cuts strongly": at most this share of the time is left


@dataclass
class Trend:
    """One statement of the original, our numbers beside it, and whether they agree."""

    claim: str
    criterion: str
    ours: str
    holds: bool


def rising(values):
    return all(a < b for a, b in zip(values, values[1:]))


def listing(results, value, form):
    return ", ".join(f"{r.run.size}×{r.run.size}: {form(value(r))}" for r in results)


def judge(cpu, arrays):
    """The original's statements, judged by the results of one setting; arrays by rising size."""
    area = [r.total_area for r in arrays]
    seconds = [r.seconds for r in arrays]
    dram = [r.energy["DRAM"] for r in arrays]
    accelerator = [r.energy["accelerator"] for r in arrays]
    energy = [r.total_energy for r in arrays]
    gains = [a / b for a, b in zip(seconds, seconds[1:])]
    best = min(arrays, key=lambda r: r.total_energy)
    steps = [f"{a.run.size} → {b.run.size}" for a, b in zip(arrays, arrays[1:])]
    return [
        Trend(
            "area rises with the number of PEs",
            "total area rises with every size",
            listing(arrays, lambda r: r.total_area, lambda v: f"{v:.3g} mm²"),
            rising(area),
        ),
        Trend(
            "already 8×8 cuts the time strongly",
            f"at most {percent(STRONG)} of the time of the core alone",
            f"{cpu.seconds:.4g} s → {seconds[0]:.4g} s ({percent(seconds[0] / cpu.seconds)})",
            seconds[0] <= STRONG * cpu.seconds,
        ),
        Trend(
            "bigger arrays help with diminishing returns",
            "every step is faster, by a smaller factor than the step before",
            ", ".join(f"{step}: {gain:.2f}×" for step, gain in zip(steps, gains)),
            all(g > 1 for g in gains) and rising(list(reversed(gains))),
        ),
        Trend(
            "off-chip energy falls with array size",
            "DRAM energy falls with every size",
            listing(arrays, lambda r: r.energy["DRAM"], joules),
            rising(list(reversed(dram))),
        ),
        Trend(
            "PE static and dynamic energy rises",
            "energy of the accelerator rises with every size",
            listing(arrays, lambda r: r.energy["accelerator"], joules),
            rising(accelerator),
        ),
        Trend(
            "total energy is least at 16×16",
            "of all array sizes",
            listing(arrays, lambda r: r.total_energy, joules)
            + f"; least at {best.run.size}×{best.run.size}",
            best.run.size == 16,
        ),
    ]


def percent(share):
    return f"{100 * share:.3g} %"


def joules(value):
    if value == 0:
        return "–"
    for unit, factor in (("J", 1), ("mJ", 1e-3), ("µJ", 1e-6)):
        if value >= factor:
            return f"{value / factor:.3g} {unit}"
    return f"{value / 1e-9:.3g} nJ"
