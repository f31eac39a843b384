import { random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { sha256 } from "../../data/sha256.ts";
import { type BaselineScore, scorePrediction } from "../../physics/nuclear/baseline-scores.ts";
import type { HoldOut } from "../../physics/nuclear/hold-out.ts";
import { massBaselinesNamed } from "../../physics/nuclear/mass-baselines.ts";
import { folderStore } from "../../runs/folder-store.ts";

/** One baseline to fit and to score on held-out nuclei: plain data for a thread. */
export interface BaselineJob {
  /** Name of a `MassBaseline`. */
  baseline: string;
  holdOut: HoldOut;
  /** Seed of what is drawn while fitting. */
  seed: number;
  /** Folder of the run's checkpoints; absent: none are written. */
  checkpoints?: string;
}

/** A baseline's predictions of the held-out nuclei, keV, with their stated standard deviations, and its score. */
export interface ScoredBaseline {
  baseline: string;
  binding: number[];
  /** NaN where none is stated. */
  sigma: number[];
  score: BaselineScore;
}

/** Fits and scores one baseline, in whatever thread; a finished one is read back from the checkpoints. */
export async function scoreBaseline(job: BaselineJob, task: Task): Promise<ScoredBaseline> {
  const { baseline: name, holdOut, seed, checkpoints } = job;
  const { train, test } = holdOut;
  const store = checkpoints === undefined ? undefined : folderStore(checkpoints);
  const key = `nuclear/baseline-${name}-${fingerprint(job)}`;
  const kept = store?.read(key);
  const numbers = (values: Iterable<number>) => Array.from(values);
  const from = (binding: number[], sigma: number[]): ScoredBaseline => ({
    baseline: name,
    binding,
    sigma,
    score: scorePrediction(
      { binding: Float64Array.from(binding), sigma: Float64Array.from(sigma) },
      test.binding,
    ),
  });
  if (kept) {
    const half = kept.byteLength / 2;
    const values = (start: number) => numbers(new Float64Array(kept.slice(start, start + half).buffer));
    return from(values(0), values(half));
  }
  const [baseline] = massBaselinesNamed([name]);
  const { binding, sigma } = await baseline!.predict({
    train,
    nuclei: test,
    random: random(seed, "baseline", name),
    task,
  });
  store?.write(key, new Uint8Array(Float64Array.of(...binding, ...sigma).buffer));
  return from(numbers(binding), numbers(sigma));
}

function fingerprint({ holdOut: { train, test }, seed }: BaselineJob): string {
  const text = JSON.stringify(
    [train, test].map(({ z, n, binding }) => [z, n, binding].map((values) => Array.from(values))),
  );
  return sha256(new TextEncoder().encode(`${seed} ${text}`)).slice(0, 16);
}
