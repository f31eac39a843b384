import type { StudyOptions } from "./params.ts";
import { plainSystem } from "./systems.ts";

/** What a run will cost, from times of one core: an exploration 15 s, one of shuffled labels 60 s, a look at it 5 s; clusters by their size. */
export function estimate(options: StudyOptions, threads: number): { seconds: number; note: string } {
  const lanes = Math.min(2, Math.max(1, threads));
  const plain = options.data === "" ? plainSystem(options.system) : undefined;
  if (plain) {
    const atoms = Number(/^lj(\d+)$/.exec(options.system)?.[1] ?? 0);
    const work =
      atoms === 0 ? 4 : atoms <= 6 ? 20 : atoms <= 7 ? 20 : atoms <= 8 ? 60 : atoms < 30 ? 60 : 300;
    return { seconds: Math.ceil(work / lanes), note: `the landscape of ${plain.subject.title}` };
  }
  const { seeds, labelNulls, archetypes, dataResamples } = options;
  const work = 15 * seeds + 60 * labelNulls + seeds * (8 + 0.2 * dataResamples) + (archetypes ? 600 : 0);
  return {
    seconds: Math.ceil(10 + work / lanes),
    note: `${seeds} landscape${seeds === 1 ? "" : "s"} of a classifier's loss explored, ${labelNulls} more with shuffled labels`,
  };
}
