"""Minimisations of a one-hidden-layer tanh classifier's loss by SciPy's L-BFGS with gradients written in NumPy, from random
starts, until a number of evaluations is made; in several processes with one thread each. Prints clock and processor
seconds, evaluations and minimisations."""
import json
import multiprocessing
import resource
import sys
import time

import numpy as np
from scipy.optimize import minimize

config = json.loads(sys.argv[1])
case = json.load(open(config["case"]))
I, H, O = case["inputs"], case["hidden"], case["classes"]
N, lam = case["rows"], case["lambda"]
X = np.array(case["features"]).reshape(N, I)
labels = np.array(case["labels"])
truth = np.eye(O)[labels]
every = np.arange(N)
n = H * (I + O) + H + O
cuts = [H * I, H * (I + O), H * (I + O) + H]


def loss(w):
    A, B = w[: cuts[0]].reshape(H, I), w[cuts[0] : cuts[1]].reshape(O, H)
    h = np.tanh(X @ A.T + w[cuts[1] : cuts[2]])
    y = h @ B.T + w[cuts[2] :]
    y -= y.max(1, keepdims=True)
    e = np.exp(y)
    z = e.sum(1)
    G = (e / z[:, None] - truth) / N
    D = (G @ B) * (1 - h * h)
    gradient = np.concatenate([(D.T @ X).ravel(), (G.T @ h).ravel(), D.sum(0), G.sum(0)]) + 2 * lam * w
    return (np.log(z) - y[every, labels]).mean() + lam * (w @ w), gradient


def explore(job):
    seed, evaluations = job
    draw = np.random.default_rng(seed)
    made = runs = 0
    lowest = np.inf
    begun = resource.getrusage(resource.RUSAGE_SELF)
    while made < evaluations:
        start = 0.1 * 50 ** draw.uniform() * draw.standard_normal(n)
        options = {"gtol": 1e-6, "ftol": 0, "maxiter": 5000, "maxfun": 20000}
        found = minimize(loss, start, jac=True, method="L-BFGS-B", options=options)
        made += found.nfev
        runs += 1
        lowest = min(lowest, found.fun)
    ended = resource.getrusage(resource.RUSAGE_SELF)
    spent = ended.ru_utime + ended.ru_stime - begun.ru_utime - begun.ru_stime
    return made, runs, lowest, spent


if __name__ == "__main__":
    jobs = [(seed, config["evaluations"] / config["processes"]) for seed in range(config["processes"])]
    with multiprocessing.Pool(config["processes"]) as pool:
        pool.map(explore, [(seed, 1) for seed, _ in jobs])
        start = time.perf_counter()
        done = pool.map(explore, jobs, chunksize=1)
        clock = time.perf_counter() - start
    made, runs = sum(d[0] for d in done), sum(d[1] for d in done)
    answer = {"clock": clock, "processor": sum(d[3] for d in done), "evaluations": made, "quenches": runs}
    print(json.dumps({**answer, "lowest": min(d[2] for d in done)}))
