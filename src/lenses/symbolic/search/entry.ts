import type { Task } from "../../../core/task.ts";
import { type IslandJob, type IslandResult, islandJob } from "./job.ts";
import { type SeedJob, type SeedResult, seedJob } from "./seeds/job.ts";

/** A piece of work of a search, the same wherever it runs. */
export type SearchJob = ({ work: "island" } & IslandJob) | ({ work: "seeds" } & SeedJob);

/** What a thread does: `SearchJob` in, its result out. */
export function searchJob(job: SearchJob, task: Task): Promise<IslandResult | SeedResult> {
  return job.work === "island" ? islandJob(job, task) : seedJob(job);
}
