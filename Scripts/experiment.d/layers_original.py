"""What the original reported of layers of ResNet, and whether results say the same."""

from dataclasses import dataclass

from layers import CHIP, DRAM, GEMMINI_SIZE, SIZES, TIMED, WHOLE, Case
from trends import Trend, rising


@dataclass(frozen=True)
class Times:
    """Seconds (Hotfilter 2024, table 4.1: a 16×16 array, a core of an AMD EPYC 7702P)."""

    analytical: float
    scalesim: float
    cycle_accurate: float
    is_bound: bool = False  # the cycle-accurate run was ended


TIMES = {
    "l1": Times(1.8, 165, 9179),
    "l2": Times(0.17, 16, 2201),
    "l3": Times(0.76, 147, 2667),
    WHOLE: Times(28, 3600, 48 * 3600, is_bound=True),
}
POOLING = 0.23  # "up to 23 %" of the cycles of L1 without pooling
AGREE = 0.05  # "all agree": at most this far from the simulator
EXACT = 0.01  # "less than 1 %"
SAME_TIME = 1.5  # "does not depend on the array size": longest by shortest at most this


def signed(share):
    return f"{round(100 * share, 1) + 0.0:+.1f} %".replace("-", "−")


def by_size(errors):
    return ", ".join(f"{n}×{n}: {signed(e)}" for n, e in zip(SIZES, errors))


def pooling_errors(results, setting, model=None):
    """How many more cycles L1 takes with its pooling than without, by size."""

    def cycles(network, size):
        result = results[Case(network, size, setting)]
        return result.simulated if model is None else result.models[model]

    sizes = [GEMMINI_SIZE] if model and model.startswith("gemmini") else SIZES
    return [cycles("l1", n) / cycles("l1-no-pooling", n) - 1 for n in sizes]


def judge(results, times):
    """The original's statements, judged by our results."""

    def errors(model, network, setting):
        return [results[Case(network, n, setting)].error(model) for n in SIZES]

    [printed] = pooling_errors(results, CHIP, "gemmini-printed")
    [improved] = pooling_errors(results, CHIP, "gemmini")
    first = errors("scalesim", "l1", CHIP)
    narrow = errors("scalesim", "l2", DRAM)
    agreement = {
        model: errors(model, "l3", CHIP)
        for model in ("beats", "soc", "tiled", "scalesim", "roofline")
    }
    gemmini = results[Case("l3", GEMMINI_SIZE, CHIP)].error("gemmini")
    deviations = {
        model: max(
            abs(e) for n in ("l1", "l2", "l3") for s in (CHIP, DRAM) for e in errors(model, n, s)
        )
        for model in ("beats", "soc", "tiled")
    }
    seconds = {
        network: [times[Case(network, n, CHIP)]["times"]["tiled"]["cpu_s"] for n in SIZES]
        for network in TIMED
    }
    spread = max(max(s) / min(s) for s in seconds.values())
    return [
        Trend(
            "leaving out pooling errs by up to 23 % in L1",
            f"the original's equations, L1 with pooling against without: {percent(POOLING)}"
            " ± 5 points",
            f"{signed(printed)}; our model of the same machine: {signed(improved)}",
            abs(printed - POOLING) <= 0.05,
        ),
        Trend(
            "SCALE-Sim counts too few cycles in L1: no pooling, another mapping",
            "below the simulator by 10 % or more, all sizes",
            by_size(first),
            all(e <= -0.1 for e in first),
        ),
        Trend(
            "SCALE-Sim counts too few cycles in L2, most at 32×32: it has more bandwidth than there"
            " is",
            "maps in the DRAM: below the simulator at all sizes, by more with every size",
            by_size(narrow),
            all(e < 0 for e in narrow) and rising([-e for e in narrow]),
        ),
        Trend(
            "all agree on L3",
            f"within {percent(AGREE)} of the simulator, all sizes (Gemmini: 16×16)",
            "; ".join(f"{m} {by_size(e)}" for m, e in agreement.items())
            + f"; gemmini {signed(gemmini)}",
            all(abs(e) <= AGREE for es in agreement.values() for e in es) and abs(gemmini) <= AGREE,
        ),
        Trend(
            "the model deviates from the cycles by less than 1 %",
            "`beats`, every layer on every size, maps on the chip and in the DRAM",
            "at most "
            + ", ".join(f"{model}: {100 * worst:.2g} %" for model, worst in deviations.items()),
            deviations["beats"] < EXACT,
        ),
        Trend(
            "the model's run time does not depend on the array size",
            "`tiled`, processor time of the slowest by that of the fastest size at most"
            f" {SAME_TIME:g}",
            f"at most {spread:.2f}",
            spread <= SAME_TIME,
        ),
    ]


def percent(share):
    return f"{100 * share:g} %"
