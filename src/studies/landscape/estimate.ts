import type { StudyOptions } from "./params.ts";
import { plainSystem } from "./systems.ts";

/** What a run will cost, from times on two cores: an exploration 40 s, a look at it 10 s; clusters by their size. */
export function estimate(options: StudyOptions, threads: number): { seconds: number; note: string } {
  const lanes = Math.min(2, Math.max(1, threads));
  const plain = options.data === "" ? plainSystem(options.system) : undefined;
  if (plain) {
    const atoms = Number(/^lj(\d+)$/.exec(options.system)?.[1] ?? 0);
    const work =
      atoms === 0 ? 4 : atoms <= 6 ? 20 : atoms <= 7 ? 60 : atoms <= 8 ? 200 : atoms < 30 ? 300 : 600;
    return { seconds: Math.ceil(work / lanes), note: `the landscape of ${plain.subject.title}` };
  }
  const { seeds, labelNulls, archetypes, dataResamples } = options;
  const work = 80 * (seeds + 1.5 * labelNulls) + seeds * (12 + 0.3 * dataResamples) + (archetypes ? 600 : 0);
  return {
    seconds: Math.ceil(10 + work / lanes),
    note: `${seeds} landscape${seeds === 1 ? "" : "s"} of a classifier's loss explored, ${labelNulls} more with shuffled labels`,
  };
}
