"""The plots of an experiment, as SVG files that are the same for the same numbers."""

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams.update(
    {"svg.hashsalt": "flecsim", "svg.fonttype": "none", "font.size": 9, "figure.figsize": (6, 3.4)}
)

from matplotlib import pyplot

from runs import GROUP_NAMES

COLOURS = {
    "DRAM": "#4C72B0",
    "accelerator": "#DD8452",
    "core": "#55A868",
    "SRAM": "#8172B3",
    "rest": "#BFBFBF",
}


def save(figure, path):
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None, "Creator": None})
    pyplot.close(figure)
    # matplotlib leaves blanks at line ends.
    text = path.read_text(encoding="utf-8")
    path.write_text("\n".join(line.rstrip() for line in text.splitlines()) + "\n", encoding="utf-8")


def label(result):
    return f"{result.run.size}×{result.run.size}" if result.run.size else "core only"


def stacked(path, results, values, unit, title):
    """A bar per result, cut into the groups of modules."""
    figure, axes = pyplot.subplots()
    labels = [label(r) for r in results]
    floor = [0.0] * len(results)
    for group in GROUP_NAMES:
        heights = [values(r)[group] for r in results]
        axes.bar(labels, heights, bottom=floor, label=group, color=COLOURS[group], width=0.6)
        floor = [a + b for a, b in zip(floor, heights)]
    for index, height in enumerate(floor):
        axes.text(index, height, f"{height:.3g}", ha="center", va="bottom")
    axes.set_ylabel(unit)
    axes.set_title(title)
    axes.margins(y=0.12)
    axes.legend(frameon=False, ncols=1, loc="center left", bbox_to_anchor=(1, 0.5))
    save(figure, path)


def times(path, results, title):
    """A bar per result on a logarithmic axis."""
    figure, axes = pyplot.subplots()
    seconds = [r.seconds for r in results]
    colours = [COLOURS["accelerator" if r.run.size else "core"] for r in results]
    axes.bar([label(r) for r in results], seconds, color=colours, width=0.6)
    for index, value in enumerate(seconds):
        axes.text(index, value, f"{value:.4g} s", ha="center", va="bottom")
    axes.set_yscale("log")
    axes.set_ylabel("simulated time in s")
    axes.set_title(title)
    axes.margins(y=0.15)
    save(figure, path)
