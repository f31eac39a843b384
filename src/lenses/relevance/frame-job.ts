import type { Task } from "../../core/task.ts";
import { graphNetwork } from "../../models/potentials/potential.ts";
import { cell } from "../../physics/fluids/cell.ts";
import { type FrameOptions, type FrameTerms, frameTerms } from "./frame-terms.ts";
import { kindRows, type NetworkSource } from "./subject.ts";

/** One frame for one network: plain data, so that a worker thread can do it. */
export interface FrameJob {
  source: NetworkSource;
  species: readonly string[];
  positions: Float64Array;
  /** Nine numbers; zeros for open directions. */
  vectors: Float64Array;
  periodic: readonly [boolean, boolean, boolean];
  options: FrameOptions;
}

/** Does a job, in whatever thread. */
export function lookAtFrame(job: FrameJob, task: Task): Promise<FrameTerms> {
  const { source, species, positions, vectors, periodic, options } = job;
  const net = graphNetwork(source.weights, source.tables ? { tables: source.tables } : {});
  const kinds = kindRows(source.species, species, net.species, "relevance");
  return frameTerms(net, kinds, { positions, cell: cell(vectors, periodic) }, options, task);
}

/** Does many jobs, in their order. */
export type LookAtFrames = (jobs: readonly FrameJob[], task: Task) => Promise<FrameTerms[]>;

/** One after another, in this thread. */
export const oneByOne: LookAtFrames = async (jobs, task) => {
  const out: FrameTerms[] = [];
  for (const [k, job] of jobs.entries()) {
    const part = task.part(k / jobs.length, (k + 1) / jobs.length);
    part.report(0, `frame ${k + 1} of ${jobs.length}`);
    out.push(await lookAtFrame(job, part));
  }
  return out;
};
