#!/usr/bin/env python3
"""Runs SCALE-Sim 3.0 on the rows of a topology and prints how long it took and what it says.

    scalesim-layers.py TOPOLOGY.csv [--array 16x16] [--dataflow os] [--traces] [--bandwidth WORDS]

A line per layer appears on standard error. Standard output gets one JSON object: the seconds from
this program's first statement to its last report, and seconds and cycles of every layer.

SCALE-Sim runs at its best: it estimates the memory bandwidth (`InterfaceBandwidth = CALC`), writes
no trace files unless --traces says so (its own command line always writes them: + 11 %), and gets one
row at a time, because it keeps about 1 GB of every layer until the end.
"""

import time

start = time.monotonic()

import argparse
import contextlib
import io
import json
import os
import resource
import sys
import tempfile

CONFIG = """
[general]
run_name = bench
[run_presets]
InterfaceBandwidth = {mode}
UseRamulatorTrace = False
[architecture_presets]
ArrayHeight = {rows}
ArrayWidth = {columns}
IfmapSramSzkB = 512
FilterSramSzkB = 256
OfmapSramSzkB = 512
IfmapOffset = 0
FilterOffset = 10000000
OfmapOffset = 20000000
Bandwidth = {bandwidth}
Dataflow = {dataflow}
ReadRequestBuffer = 32
WriteRequestBuffer = 32
[layout]
IfmapCustomLayout = False
IfmapSRAMBankBandwidth = 16
IfmapSRAMBankNum = 4
IfmapSRAMBankPort = 2
FilterCustomLayout = False
FilterSRAMBankBandwidth = 16
FilterSRAMBankNum = 4
FilterSRAMBankPort = 2
[sparsity]
SparsitySupport = False
"""


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def simulate(scalesim, folder, header, row, traces):
    """Runs one row; returns its cycles and whether memory stalled it."""
    silence = contextlib.ExitStack()
    with silence:
        silence.enter_context(contextlib.redirect_stdout(io.StringIO()))
        silence.enter_context(contextlib.redirect_stderr(io.StringIO()))
        simulation = scalesim(
            save_disk_space=not traces,
            verbose=False,
            config=os.path.join(folder, "scale.cfg"),
            layout=os.path.join(folder, "layout.csv"),
            topology=write(os.path.join(folder, "layer.csv"), header + row),
        )
        simulation.run_scale(top_path=folder)
    total, stalls = simulation.runner.single_layer_sim_object_list[0].get_compute_report_items()[1:3]
    # What it prints as the count is the last cycle's number, counted from 0.
    return int(total) + 1, int(stalls)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("topology")
    parser.add_argument("--array", default="16x16", help="rows x columns")
    parser.add_argument("--dataflow", default="os", choices=["os", "ws", "is"])
    parser.add_argument("--traces", action="store_true", help="write the trace files, too")
    parser.add_argument("--bandwidth", type=int, help="words per cycle; estimated by default")
    options = parser.parse_args()
    rows, columns = options.array.split("x")

    from scalesim.scale_sim import scalesim

    layers = []
    with tempfile.TemporaryDirectory() as folder:
        mode = "USER" if options.bandwidth else "CALC"
        write(
            os.path.join(folder, "scale.cfg"),
            CONFIG.format(
                mode=mode,
                rows=rows,
                columns=columns,
                bandwidth=options.bandwidth or 16,
                dataflow=options.dataflow,
            ),
        )
        write(os.path.join(folder, "layout.csv"), "Layer name,\n")
        with open(options.topology, encoding="utf-8") as file:
            header, *topology = [line for line in file if line.strip()]
        for row in topology:
            begin = time.monotonic()
            cycles, stalls = simulate(scalesim, folder, header, row, options.traces)
            seconds = time.monotonic() - begin
            name = row.split(",")[0].strip()
            layers.append({"name": name, "seconds": seconds, "cycles": cycles, "stalls": stalls})
            print(f"scale-sim: {name}: {seconds:.1f} s, {cycles} cycles", file=sys.stderr, flush=True)
    print(
        json.dumps(
            {
                "seconds": time.monotonic() - start,
                "cycles": sum(layer["cycles"] for layer in layers),
                "memory_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
                "layers": layers,
            }
        )
    )


main()
