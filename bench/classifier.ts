import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { random } from "../src/core/random.ts";
import { quietTask } from "../src/core/task.ts";
import { mapInWorkers } from "../src/core/workers.ts";
import {
  type ClassifierProblem,
  classifierFrom,
  classifierLandscape,
} from "../src/models/classifier/index.ts";
import {
  type LandscapeJob,
  type LandscapeSource,
  loadLandscape,
  runLandscapeJobs,
} from "../src/optim/landscape/job.ts";
import { aligned } from "../src/optim/landscape/landscape.ts";
import { addMinimum, addTriple, emptyNetwork } from "../src/optim/landscape/network.ts";
import { sixFeatureRule } from "../src/physics/classification/index.ts";
import { median, peerAnswer, pythonHas } from "./peer.ts";

/** The six-feature rule with H hidden units. */
export function ruleProblem(hidden: number, lambda: number): ClassifierProblem {
  const { features, labels } = sixFeatureRule({ rows: 400 }, random(0, "data", "train"));
  return {
    shape: { inputs: 6, hidden: [hidden], classes: 2 },
    data: { features: features.data, labels, rows: 400 },
    lambda,
  };
}

const batchSize = 256;

function weightsFor(problem: ClassifierProblem): Float64Array[] {
  const { n } = classifierLandscape(problem);
  const draw = random(1, "bench", "weights");
  return Array.from({ length: batchSize }, () => Float64Array.from({ length: n }, () => draw.normal()));
}

/** Runs `work` with the case in a file that a peer reads. */
function withCase<T>(
  problem: ClassifierProblem,
  weights: readonly Float64Array[],
  work: (file: string) => T,
): T {
  const folder = mkdtempSync(join(tmpdir(), "physlens-bench-"));
  try {
    const file = join(folder, "case.json");
    const { shape, data, lambda } = problem;
    const plain = {
      ...{ inputs: shape.inputs, hidden: shape.hidden[0], classes: shape.classes, rows: data.rows, lambda },
      ...{ features: [...data.features], labels: [...data.labels], weights: weights.flatMap((w) => [...w]) },
    };
    writeFileSync(file, JSON.stringify(plain));
    return work(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Cost {
  /** Clock and processor seconds of one loss with its gradient. */
  seconds: number;
  processor: number;
  losses: number[];
}

/** One evaluation after another over the batch of weights, in this thread. */
export function lossHere(problem: ClassifierProblem): Cost {
  const weights = weightsFor(problem);
  const landscape = classifierLandscape(problem);
  const g = new Float64Array(landscape.n);
  const pass = () => {
    for (const w of weights) landscape.valueAndGradient(w, g);
  };
  for (let i = 0; i < 20; i++) pass();
  const runs = Array.from({ length: 5 }, () => {
    const [start, before] = [performance.now(), process.cpuUsage()];
    for (let i = 0; i < 10; i++) pass();
    const { user, system } = process.cpuUsage(before);
    const count = 10 * batchSize;
    return { seconds: (performance.now() - start) / 1e3 / count, processor: (user + system) / 1e6 / count };
  });
  return {
    seconds: Math.min(...runs.map(({ seconds }) => seconds)),
    processor: Math.min(...runs.map(({ processor }) => processor)),
    losses: weights.slice(0, 4).map((w) => landscape.valueAndGradient(w, g)),
  };
}

/** In a worker: passes over a part of the batch; seconds of them, the better of three. */
export function lossPart({
  problem,
  weights,
}: {
  problem: ClassifierProblem;
  weights: Float64Array[];
}): number {
  const landscape = classifierFrom(problem);
  const g = new Float64Array(landscape.n);
  const times = Array.from({ length: 6 }, () => {
    const start = performance.now();
    for (let i = 0; i < 20; i++) for (const w of weights) landscape.valueAndGradient(w, g);
    return (performance.now() - start) / 1e3 / (20 * weights.length);
  });
  return Math.min(...times.slice(3));
}

/** Seconds a vector with the batch shared out over two threads. */
async function lossInTwoThreads(problem: ClassifierProblem): Promise<number> {
  const weights = weightsFor(problem);
  const inputs = [0, 1].map((part) => ({ problem, weights: weights.filter((_, i) => i % 2 === part) }));
  const times = await mapInWorkers<unknown, number>({
    ...{ module: import.meta.url, fn: "lossPart", inputs, threads: 2, task: quietTask },
  });
  return median(times) / 2;
}

/** What an exploration of 250 quenches and 150 connections costs. */
export async function exploreHere(problem: ClassifierProblem, threads: number) {
  const module = new URL("../src/models/classifier/landscape.ts", import.meta.url).href;
  const source: LandscapeSource = { module, fn: "classifierFrom", input: problem };
  const landscape = await loadLandscape(source);
  const network = emptyNetwork(landscape);
  const [start, before] = [performance.now(), process.cpuUsage()];
  const spent = { gradients: 0, hessians: 0 };
  let found = 0;
  const run = async (jobs: LandscapeJob[]) => {
    for (const result of await runLandscapeJobs(source, jobs, { threads, task: quietTask })) {
      spent.gradients += result.spent.gradients;
      spent.hessians += result.spent.hessians;
      for (const { point } of result.hop?.minima ?? []) addMinimum(network, landscape, point);
      for (const triple of result.triples) addTriple(network, landscape, triple);
      found += result.triples.length;
    }
  };
  await run(
    Array.from({ length: 10 }, (_, i) => ({
      ...{ kind: "hop", seed: 0, walker: `${i}`, options: { steps: 24, step: 1.5 } },
    })),
  );
  const pairs: { a: number; b: number; distance: number }[] = [];
  for (let a = 0; a < network.minima.length; a++) {
    for (let b = 0; b < a; b++) {
      const { distance } = aligned(landscape, network.minima[a]!.x, network.minima[b]!.x);
      pairs.push({ a, b, distance });
    }
  }
  pairs.sort((p, q) => p.distance - q.distance);
  const connections = pairs.slice(0, 150);
  await run(
    connections.map(({ a, b }) => ({
      ...{ kind: "connect", from: network.minima[a]!.x, to: network.minima[b]!.x },
      options: { follow: { maxCycles: 40, exactUpTo: 10 } },
    })),
  );
  const { user, system } = process.cpuUsage(before);
  return {
    ...{ clock: (performance.now() - start) / 1e3, processor: (user + system) / 1e6, ...spent },
    ...{
      connections: connections.length,
      found,
      minima: network.minima.length,
      saddles: network.saddles.length,
    },
  };
}

const perSecond = (seconds: number) => `${Math.round(1 / seconds)}`.padStart(7);

/** Prints losses with gradients per second, single and in batches, and a whole exploration against SciPy. */
export async function reportClassifier(withTorch: boolean): Promise<void> {
  const problem = ruleProblem(4, 1e-3);
  const weights = weightsFor(problem);
  const ours = lossHere(problem);
  console.log(
    "loss and gradient of a classifier 6-4-2 over 400 rows, float64, per clock second (processor second)",
  );
  console.log(`physlens, one thread${perSecond(ours.seconds)} (${perSecond(ours.processor).trim()})`);
  console.log(`physlens, two threads${perSecond(await lossInTwoThreads(problem))}`);
  const libraries = [...(pythonHas("numpy") ? ["numpy"] : []), ...(withTorch ? ["torch"] : [])];
  if (libraries.length === 0)
    console.log("no NumPy (Debian: apt-get install python3-numpy): its part is left out");
  for (const library of libraries) {
    for (const batch of [false, true]) {
      const runs = [1, 2].map((threads) => ({
        threads,
        cost: withCase(problem, weights, (file) =>
          peerAnswer("classifier_loss.py", { threads, case: file, library, batch }),
        ) as Cost,
      }));
      const best = runs.reduce((a, b) => (b.cost.seconds < a.cost.seconds ? b : a));
      const apart = Math.max(...best.cost.losses.map((loss, i) => Math.abs(loss - ours.losses[i]!)));
      const way = batch ? `${batchSize} at once` : "one at a time";
      console.log(
        `${library}, ${way} (${best.threads})${perSecond(best.cost.seconds)} (${perSecond(best.cost.processor).trim()}), losses ${apart.toExponential(0)} apart  physlens in one thread ${(best.cost.seconds / ours.seconds).toFixed(1)} times as fast by the clock, ${(best.cost.processor / ours.processor).toFixed(1)} by the processor`,
      );
    }
  }
  const rule = ruleProblem(5, 3e-4);
  const here = await exploreHere(rule, 2);
  console.log(
    `exploration 6-5-2, two threads: 250 quenches, ${here.connections} connections (${here.found} transition states found, ${here.minima} minima and ${here.saddles} kept): ${here.clock.toFixed(1)} s by the clock, ${here.processor.toFixed(1)} s of processors, ${here.gradients} gradients, ${here.hessians} Hessians`,
  );
  if (!pythonHas("scipy")) {
    console.log("SciPy is missing (Debian: apt-get install python3-scipy): the comparison is left out");
    return;
  }
  const scipy = withCase(rule, [], (file) =>
    peerAnswer("classifier_exploration.py", {
      threads: 1,
      case: file,
      processes: 2,
      evaluations: here.gradients,
    }),
  ) as { clock: number; processor: number; evaluations: number; quenches: number };
  const ratio = scipy.clock / here.clock;
  console.log(
    `SciPy's L-BFGS with NumPy gradients, two processes: ${scipy.evaluations} evaluations in ${scipy.quenches} minimisations, no Hessians: ${scipy.clock.toFixed(1)} s by the clock, ${scipy.processor.toFixed(1)} s of processors  ratio ${ratio.toFixed(1)} (processor ${(scipy.processor / here.processor).toFixed(1)})  target ≥ 3 ${ratio >= 3 ? "met" : "NOT MET"}`,
  );
}
