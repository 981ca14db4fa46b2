"""Answers questions of SearchOracleTests with pymoo: `compare_with_pymoo.py QUESTIONS ANSWERS`, both JSON.

- tables: ranks, crowding distances within each rank (null for infinite ones) and hypervolumes of objective rows
- searches: hypervolumes that NSGA-II reaches with a number of distinct evaluations, one for each seed
"""

import json
import sys
import warnings

import numpy as np

warnings.filterwarnings("ignore")

from pymoo.algorithms.moo.nsga2 import NSGA2
from pymoo.core.problem import Problem
from pymoo.indicators.hv import HV
from pymoo.operators.crossover.sbx import SBX
from pymoo.operators.mutation.pm import PM
from pymoo.operators.repair.rounding import RoundingRepair
from pymoo.operators.sampling.rnd import IntegerRandomSampling
from pymoo.operators.survival.rank_and_crowding.metrics import get_crowding_function
from pymoo.optimize import minimize
from pymoo.util.nds.fast_non_dominated_sort import fast_non_dominated_sort


def volume(rows, reference):
    if len(rows) == 0:
        return 0.0
    return float(HV(ref_point=np.array(reference))(np.array(rows)))


def answer_table(table):
    rows = np.array(table["rows"], dtype=float)
    ranks = [0] * len(rows)
    crowding = [None] * len(rows)
    for rank, front in enumerate(fast_non_dominated_sort(rows)):
        front = sorted(front)
        distances = get_crowding_function("cd").do(rows[front])
        for row, distance in zip(front, distances):
            ranks[row] = rank
            crowding[row] = float(distance) if np.isfinite(distance) else None
    result = {"ranks": ranks, "crowding": crowding}
    if rows.shape[1] <= 3:
        result["volume"] = volume(rows, table["reference"])
    return result


class TableProblem(Problem):
    """All designs of a space in lexicographic order, and which of them were asked for."""

    def __init__(self, search):
        self.radices = search["radices"]
        self.rows = np.array(search["rows"], dtype=float)
        self.violations = np.array(search["violations"], dtype=float)
        self.asked = {}
        super().__init__(
            n_var=len(self.radices),
            n_obj=self.rows.shape[1],
            n_ieq_constr=1,
            xl=0,
            xu=np.array(self.radices) - 1,
            vtype=int,
        )

    def _evaluate(self, x, out, *args, **kwargs):
        indices = np.ravel_multi_index(np.array(x, dtype=int).T, self.radices)
        for index in indices:
            self.asked.setdefault(int(index), len(self.asked))
        out["F"] = self.rows[indices]
        out["G"] = self.violations[indices].reshape(-1, 1)


def answer_search(search):
    volumes = []
    for seed in search["seeds"]:
        problem = TableProblem(search)
        algorithm = NSGA2(
            pop_size=search["population"],
            sampling=IntegerRandomSampling(),
            crossover=SBX(prob=0.9, eta=15, vtype=float, repair=RoundingRepair()),
            mutation=PM(eta=20, vtype=float, repair=RoundingRepair()),
            eliminate_duplicates=True,
        )
        # Enough generations for the budget of distinct evaluations.
        generations = 4 * search["budget"] // search["population"] + 1
        minimize(problem, algorithm, ("n_gen", generations), seed=seed)
        first = [i for i, number in problem.asked.items() if number < search["budget"]]
        feasible = [i for i in first if problem.violations[i] <= 0]
        volumes.append(volume(problem.rows[feasible], search["reference"]))
    return {"volumes": volumes}


def main():
    with open(sys.argv[1]) as file:
        questions = json.load(file)
    answers = {
        "tables": [answer_table(table) for table in questions["tables"]],
        "searches": [answer_search(search) for search in questions["searches"]],
    }
    with open(sys.argv[2], "w") as file:
        json.dump(answers, file)


if __name__ == "__main__":
    main()
