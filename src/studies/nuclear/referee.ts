import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { mapInWorkers } from "../../core/workers.ts";
import { selectRows } from "../../data/select.ts";
import { findDataset } from "../../data/store.ts";
import type { Provenance } from "../../data/table.ts";
import { bindingData } from "../../physics/nuclear/baselines.ts";
import { nuclearDatasets } from "../../physics/nuclear/datasets.ts";
import { type FutureHoldOut, futureHoldout } from "../../physics/nuclear/future.ts";
import { type HoldOut, type HoldOutKind, holdOutNuclei } from "../../physics/nuclear/hold-out.ts";
import { massBaselines, massBaselinesNamed } from "../../physics/nuclear/mass-baselines.ts";
import type { Nuclei } from "../../physics/nuclear/nuclides.ts";
import type { RefereeScore } from "../../physics/nuclear/referee-table.ts";
import { physlensHome } from "../../runs/home.ts";
import type { StudyContext } from "../contract.ts";
import { bindingRows } from "./baselines.ts";
import type { NuclearData } from "./data.ts";
import type { NuclearOptions } from "./params.ts";
import type { BaselineJob, ScoredBaseline } from "./score-baseline.ts";

/** Baselines scored for the report, each on the nuclei it never saw. */
export interface Referee {
  /** The study's own split: the nuclei that train the networks, and those they are judged on. */
  own: { holdOut: HoldOut; scores: ScoredBaseline[] };
  /** Outermost isotopes removed. */
  edges: RefereeScore[];
  /** Random splits at several fractions; empty where none were asked for. */
  splits: RefereeScore[];
  /** What an older evaluation extrapolated and AME2020 measured; absent without that data set. */
  future?: { holdOut: FutureHoldOut; scores: ScoredBaseline[]; provenance: readonly Provenance[] };
}

const edges = [1, 2, 3];
const fractions = [0.1, 0.5, 0.9];

/**
 * Fits and scores every baseline a referee asks for, several at a time. The Gaussian processes, which take most of the
 * time, run where option `gaussianProcesses` is on; on the removed isotopes only with `refereeSplits`.
 */
export async function scoreReferee(
  data: NuclearData,
  options: NuclearOptions,
  context: Pick<StudyContext, "checkpoints" | "threads"> & { task: Task; random: Random },
): Promise<Referee> {
  const all = massBaselines.map(({ name }) => name);
  const cheap = all.filter((name) => !name.endsWith("_gp"));
  const names = options.gaussianProcesses ? all : cheap;
  const { chart, table } = data;
  const part = (rows: Int32Array) => bindingData(selectRows(chart, rows));
  const own: HoldOut = {
    train: part(bindingRows(data, data.split.train)),
    test: part(bindingRows(data, data.validation)),
  };
  const nuclei = bindingData(table);
  const { random } = context;
  const hold = (how: HoldOutKind, split: number) => ({
    how,
    split,
    holdOut: holdOutNuclei(nuclei, { ...how, random: random.fork("split", JSON.stringify(how), split) }),
  });
  const longest = longestChain(nuclei);
  const removed = edges
    .filter((edge) => longest >= 2 * edge)
    .map((edge) => hold({ kind: "extrapolate", edge }, 0));
  const drawn = fractions.flatMap((fraction) =>
    Array.from({ length: options.refereeSplits }, (_, split) => hold({ kind: "nuclei", fraction }, split)),
  );
  const future = await futureOf(data, options);

  const folder = context.checkpoints.path;
  const jobs: BaselineJob[] = [];
  const queue = (holdOut: HoldOut, which: readonly string[], ...path: (string | number)[]) => {
    const first = jobs.length;
    for (const baseline of which) {
      const seed = random.fork("fit", ...path, baseline).int(2 ** 31);
      jobs.push({ baseline, holdOut, seed, ...(folder === undefined ? {} : { checkpoints: folder }) });
    }
    return (found: readonly ScoredBaseline[]) => found.slice(first, first + which.length);
  };
  const takeOwn = queue(own, [...names].reverse(), "own");
  const takeFuture = future && queue(future, [...names].reverse(), "future");
  const several = (list: typeof removed, which: readonly string[]) =>
    list.map((item) => ({
      ...item,
      take: queue(item.holdOut, which, JSON.stringify(item.how), item.split),
    }));
  const tookEdges = several(removed, options.refereeSplits > 0 ? names : cheap);
  const tookSplits = several(drawn, names);

  const ending = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const found = await mapInWorkers<BaselineJob, ScoredBaseline>({
    module: new URL(`./score-baseline${ending}`, import.meta.url),
    fn: "scoreBaseline",
    inputs: jobs,
    threads: Math.min(context.threads, jobs.length),
    task: context.task,
  });
  const scored = (list: typeof tookEdges): RefereeScore[] =>
    list.flatMap(({ how, split, take }) =>
      take(found).map(({ baseline, score }) => ({
        ...score,
        baseline: massBaselinesNamed([baseline])[0]!,
        how,
        split,
      })),
    );
  return {
    own: { holdOut: own, scores: takeOwn(found).reverse() },
    edges: scored(tookEdges),
    splits: scored(tookSplits),
    ...(future && {
      future: { holdOut: future, scores: takeFuture!(found).reverse(), provenance: future.provenance },
    }),
  };
}

/** Nuclei of the longest isotopic chain that the split 'extrapolate' cuts: Z ≥ 28. */
function longestChain({ z }: Nuclei): number {
  const counts = new Map<number, number>();
  for (const value of Array.from(z)) if (value >= 28) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

/** Nuclides that the study's table extrapolates and AME2020 has from measurement, if that data set was added. */
async function futureOf(
  data: NuclearData,
  options: NuclearOptions,
): Promise<(FutureHoldOut & { provenance: readonly Provenance[] }) | undefined> {
  if (options.data !== "npm") return undefined;
  const later = await findDataset({ home: physlensHome(), catalogue: nuclearDatasets, name: "ame2020" });
  return later && { ...futureHoldout(data.source, later.table), provenance: later.table.provenance };
}
