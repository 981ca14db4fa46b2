"""Runs systems and reads what a run stored."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Run:
    """One run: a system with some values changed."""

    name: str
    soc: str  # the description, relative to Configs
    size: int  # rows of the array; 0: the core alone
    changes: tuple[str, ...] = ()

    def command(self, network):
        words = ["flecsim", "run", f"Configs/{self.soc}.json", "--network", network, "--check"]
        return words + [word for change in self.changes for word in ("--set", change)]


def execute(run, network, folder, program):
    """Runs it into `folder`; what it printed lies beside its results."""
    command = run.command(network)
    (folder / "run.json").unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    print(f"{run.name}: {' '.join(command)}", flush=True)
    start = time.monotonic()
    with open(folder / "output.txt", "w", encoding="utf-8") as output:
        code = subprocess.run(
            [program] + command[1:] + ["--results", str(folder)],
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    if code != 0:
        (folder / "run.json").unlink(missing_ok=True)
        tail = (folder / "output.txt").read_text(errors="replace").splitlines()[-5:]
        sys.exit(f"experiment: {run.name} ended with code {code}:\n" + "\n".join(tail))
    print(f"{run.name}: {time.monotonic() - start:.1f} s", flush=True)


@dataclass
class Result:
    """What the report needs of a stored run. Energies in J, areas in mm², times in s."""

    run: Run
    seconds: float = 0
    wall_seconds: float = 0
    area: dict[str, float] = field(default_factory=dict)
    energy: dict[str, float] = field(default_factory=dict)
    array_leakage: float = 0
    dram_bytes: int = 0
    dram_core_bytes: int = 0
    instructions: int = 0
    core_cycles: int = 0
    core_running: int = 0
    array_cycles: int = 0
    array_active: int = 0
    digest: str = ""

    @property
    def total_energy(self):
        return sum(self.energy.values())

    @property
    def total_area(self):
        return sum(self.area.values())


# Which group of the plots a kind of module belongs to.
GROUPS = {
    "DRAM": "DRAM",
    "OSArray": "accelerator",
    "WSArray": "accelerator",
    "VectorUnit": "accelerator",
    "SRAM": "SRAM",
}
GROUP_NAMES = ["DRAM", "accelerator", "core", "SRAM", "rest"]


def is_core(kind):
    """A core's kind is its instruction set: RISCV32, or a string such as rv32imf_zicsr."""
    return kind.lower().startswith(("riscv", "rv"))


def group_of(kind):
    return "core" if is_core(kind) else GROUPS.get(kind, "rest")


def total(module, *counters):
    """The sum of counters of a module over all its tags."""
    return sum(sum(c["values"]) for c in module["counters"] if c["name"] in counters)


def cycles(module, kind=None):
    """The cycles of a module, or those in states of a kind."""
    return sum(sum(s["cycles"]) for s in module["states"] if kind in (None, s["kind"]))


def read(run, folder):
    """Reads the results folder of a run."""
    load = lambda name: json.loads((folder / name).read_text())
    energy, registry, record = load("energy.json"), load("registry.json"), load("run.json")
    result = Result(run)
    result.digest = record["digest"]
    result.wall_seconds = record["host"]["wall_s"]
    result.seconds = energy["simulated_time_s"]
    result.area = dict.fromkeys(GROUP_NAMES, 0.0)
    result.energy = dict.fromkeys(GROUP_NAMES, 0.0)
    for module in energy["modules"]:
        group = group_of(module["kind"])
        result.area[group] += module["total"]["area_um2"] / 1e6
        result.energy[group] += module["total"]["total_pJ"] / 1e12
        if group == "accelerator":
            result.array_leakage += module["total"]["leakage_pJ"] / 1e12
    for module in registry["modules"]:
        if module["kind"] == "DRAM":
            own = total(module, "direct_loaded_bytes", "direct_stored_bytes")
            result.dram_core_bytes += own
            result.dram_bytes += own + total(module, "read_bytes", "written_bytes")
        elif is_core(module["kind"]):
            result.instructions += total(module, "instructions")
            result.core_cycles += cycles(module)
            result.core_running += cycles(module, "active")
        elif module["kind"] == "OSArray":
            result.array_cycles += cycles(module)
            result.array_active += cycles(module, "active")
    return result


def program():
    """The simulator to run."""
    path = os.environ.get("FLECSIM")
    return path or sys.exit("experiment: FLECSIM is not set; use Scripts/experiment")
