"""The plots of layers of ResNet: bars on logarithmic axes."""

from matplotlib import pyplot

from layers import MODELS, SIZES, TIMED, Case, CHIP
from layers_original import TIMES as ORIGINAL
from plots import save

SIMULATOR = "simulator"
COLOURS = {
    SIMULATOR: "#333333",
    "beats": "#1F3A68",
    "soc": "#4C72B0",
    "tiled": "#64B5CD",
    "roofline": "#BFBFBF",
    "scalesim": "#DD8452",
    "gemmini-printed": "#55A868",
    "gemmini": "#8172B3",
}
TITLES = {
    "l1": "L1: 7×7/2 and pooling",
    "l2": "L2: 1×1",
    "l3": "L3: 3×3",
    "resnet34": "ResNet-34",
}


def cycles(path, results, setting):
    """A panel per layer, a group of bars per array size, a bar per model."""
    shown = ["l1", "l2", "l3"]
    figure, panels = pyplot.subplots(1, len(shown), figsize=(9.5, 3.6), sharey=True)
    series = [SIMULATOR] + MODELS
    width = 0.8 / len(series)
    for axes, network in zip(panels, shown):
        for place, name in enumerate(series):
            bars = []
            for index, size in enumerate(SIZES):
                result = results[Case(network, size, setting)]
                value = result.simulated if name == SIMULATOR else result.models.get(name)
                if value is not None:
                    bars.append((index + (place - (len(series) - 1) / 2) * width, value))
            axes.bar(*zip(*bars), width=width, label=name, color=COLOURS[name])
        axes.set_yscale("log")
        axes.set_xticks(range(len(SIZES)), [f"{size}×{size}" for size in SIZES])
        axes.set_title(TITLES[network])
    least = min(r.simulated for c, r in results.items() if c.setting == setting)
    panels[0].set_ylim(bottom=least / 4)
    panels[0].set_ylabel("cycles")
    panels[-1].legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    save(figure, path)


def times(path, records):
    """The original's times and ours, at 16×16."""
    figure, axes = pyplot.subplots(figsize=(8.5, 3.6))
    ours = {
        "simulator": "run",
        "model beats": "beats",
        "model soc": "soc",
        "model tiled": "tiled",
    }
    series = [
        ("cycle-accurate (theirs)", "#AAAAAA", lambda n: ORIGINAL[n].cycle_accurate),
        ("simulator", "#333333", None),
        ("SCALE-Sim (theirs)", "#DD8452", lambda n: ORIGINAL[n].scalesim),
        ("analytical (theirs)", "#55A868", lambda n: ORIGINAL[n].analytical),
        ("model beats", "#1F3A68", None),
        ("model soc", "#4C72B0", None),
        ("model tiled", "#64B5CD", None),
    ]
    width = 0.8 / len(series)
    for place, (name, colour, theirs) in enumerate(series):
        values = [
            theirs(n) if theirs else records[Case(n, 16, CHIP)]["times"][ours[name]]["elapsed_s"]
            for n in TIMED
        ]
        places = [i + (place - (len(series) - 1) / 2) * width for i in range(len(TIMED))]
        axes.bar(places, values, width=width, label=name, color=colour)
    axes.set_yscale("log")
    axes.set_ylim(bottom=0.03)
    axes.set_ylabel("s")
    axes.set_xticks(range(len(TIMED)), [TITLES[n] for n in TIMED])
    axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    save(figure, path)
