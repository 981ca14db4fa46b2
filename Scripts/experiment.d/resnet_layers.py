"""Layers of ResNet, and ResNet-34, in int8: models beside the simulator, and their times."""

import argparse
import csv

import layers
import layers_page
import layers_plots
from layers import CASES, MODELS, PAGE, TIMED_CASES, TIMED_TOOLS

COLUMNS = {
    "run": lambda r: r.case.name,
    "network": lambda r: r.case.network,
    "array_rows": lambda r: r.case.size,
    "feature_maps": lambda r: r.case.setting.name,
    "macs": lambda r: r.macs,
    "simulated_cycles": lambda r: r.simulated,
    **{f"{m.replace('-', '_')}_cycles": lambda r, m=m: r.models.get(m, "") for m in MODELS},
    "simulated_cycles_with_core": lambda r: r.simulated_whole,
    "beats_cycles_with_core": lambda r: r.whole.get("beats", ""),
    "soc_cycles_with_core": lambda r: r.whole.get("soc", ""),
    "digest": lambda r: r.digest,
}


def write_csv(path, header, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def main():
    parser = argparse.ArgumentParser(prog="Scripts/experiment resnet-layers", description=__doc__)
    parser.add_argument("--plot-only", action="store_true", help="use stored runs")
    parser.add_argument("--missing", action="store_true", help="run only what is not stored")
    parser.add_argument("--only", nargs="*", help="run these only, and make no page")
    options = parser.parse_args()
    every = {case.name: case for case in CASES}
    unknown = [name for name in options.only or [] if name not in every]
    if unknown:
        parser.error(f"unknown run {unknown[0]}; there are: {' '.join(every)}")
    if not options.plot_only:
        chosen = [every[name] for name in (every if options.only is None else options.only)]
        for network in dict.fromkeys(case.network for case in chosen):
            if not (options.missing and (layers.ROOT / layers.onnx(network)).exists()):
                layers.quantise(network)
        for case in chosen:
            if not (options.missing and (case.folder / "run.json").exists()):
                layers.evaluate(case)
        for case in chosen:
            stored = options.missing and (case.folder / "times.json").exists()
            if case in TIMED_CASES and not stored:
                layers.measure(case)
    if options.only is not None:
        return
    missing = [name for name, case in every.items() if not (case.folder / "run.json").exists()]
    missing += [c.name for c in TIMED_CASES if not (c.folder / "times.json").exists()]
    if missing:
        parser.error(f"not stored: {' '.join(dict.fromkeys(missing))}")
    results = {case: layers.read(case) for case in CASES}
    times = {case: layers.read_times(case) for case in TIMED_CASES}
    write_csv(
        PAGE / "results.csv",
        COLUMNS,
        [[column(r) for column in COLUMNS.values()] for r in results.values()],
    )
    write_csv(
        PAGE / "times.csv",
        ["network", "array_rows", "tool", "elapsed_s", "cpu_s"],
        [
            [case.network, case.size, tool]
            + [f"{record['times'][tool][key]:.3f}" for key in ("elapsed_s", "cpu_s")]
            for case, record in times.items()
            for tool in TIMED_TOOLS
        ],
    )
    for setting in layers.SETTINGS:
        layers_plots.cycles(PAGE / f"cycles-{setting.name}.svg", results, setting)
    layers_plots.times(PAGE / "times.svg", times)
    (PAGE / "README.md").write_text(layers_page.page(results, times), encoding="utf-8")
    print(f"experiment: written {PAGE.relative_to(layers.ROOT)}/README.md")


main()
