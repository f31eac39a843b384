import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { demand } from "../../core/errors.ts";
import type { LandscapeOptions } from "../../lenses/landscape/options.ts";
import type { LandscapeSubject } from "../../lenses/landscape/subject.ts";
import type { StudyOptions } from "./params.ts";

/** How a landscape is searched. */
export type Effort = Pick<
  LandscapeOptions,
  | "walkers"
  | "steps"
  | "step"
  | "save"
  | "temperature"
  | "modes"
  | "modeSizes"
  | "searches"
  | "neighbours"
  | "rounds"
  | "cycles"
  | "attempts"
  | "searchCycles"
>;

/** What suits the loss of a small classifier: values differ by hundredths, weights by ones. */
const classifierEffort: Effort = {
  ...{ walkers: 4, steps: 60, step: 1.5, save: 100, temperature: 1, attempts: 2, searchCycles: 40 },
  ...{ modes: 0, modeSizes: "0.3", searches: 2, neighbours: 6, rounds: 1, cycles: 6 },
};

const surfaceEffort: Effort = {
  ...{ walkers: 4, steps: 20, step: 0.5, save: 100, temperature: 100, attempts: 3, searchCycles: 200 },
  ...{ modes: 2, modeSizes: "0.1,0.4", searches: 4, neighbours: 0, rounds: 10, cycles: 10 },
};

const clusterEffort: Effort = {
  ...{ walkers: 8, steps: 100, step: 0.4, save: 200, temperature: 1, attempts: 3, searchCycles: 200 },
  ...{ modes: 30, modeSizes: "0.1,0.4", searches: 20, neighbours: 0, rounds: 10, cycles: 10 },
};

/** A landscape that is no classifier's. */
export interface PlainSystem {
  subject: Pick<LandscapeSubject, "id" | "title" | "energy" | "source" | "known">;
  effort: Effort;
}

const ending = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
const physics = (file: string) => new URL(`../../physics/${file}${ending}`, import.meta.url).href;

const published = "Tsai & Jordan, J. Phys. Chem. 97, 11227 (1993)";
/** Minima and transition states of small clusters, where the counts are settled. */
const clusterCounts: Readonly<Record<number, { minima: number; saddles?: number }>> = {
  4: { minima: 1, saddles: 1 },
  5: { minima: 1, saddles: 2 },
  6: { minima: 2, saddles: 3 },
  7: { minima: 4, saddles: 12 },
  8: { minima: 8 },
};

/** The plain system of a name; undefined for a data set. */
export function plainSystem(name: StudyOptions["system"]): PlainSystem | undefined {
  const cluster = /^lj(\d+)$/.exec(name);
  if (cluster) {
    const atoms = Number(cluster[1]);
    const known = clusterCounts[atoms];
    return {
      subject: {
        ...{ id: `landscape.${name}`, title: `LJ${atoms}`, energy: { label: "energy", unit: "ε" } },
        source: { module: physics("clusters/lennard-jones"), fn: "lennardJonesFrom", input: { atoms } },
        ...(known && { known: { ...known, reference: published } }),
      },
      effort: clusterEffortOf(atoms),
    };
  }
  const titles: Partial<Record<StudyOptions["system"], string>> = {
    "muller-brown": "Müller–Brown",
    "six-hump-camel": "the six-hump camel",
    himmelblau: "Himmelblau's function",
    "double-well": "the double well",
  };
  const title = titles[name];
  if (title === undefined) return undefined;
  return {
    subject: {
      ...{ id: `landscape.${name}`, title, energy: { label: "value", unit: "" } },
      source: { module: physics("surfaces/named"), fn: "surfaceFrom", input: { name } },
      ...(name === "muller-brown" && {
        known: { minima: 3, saddles: 2, reference: "Müller & Brown, Theor. Chim. Acta 53, 75 (1979)" },
      }),
    },
    effort: name === "muller-brown" ? surfaceEffort : { ...surfaceEffort, temperature: 1 },
  };
}

/** A landscape that a module of the user's gives. @throws UserError for a file that is not there. */
export function ownSystem({ module, fn }: Pick<StudyOptions, "module" | "fn">): PlainSystem {
  const file = path.resolve(module);
  demand(
    existsSync(file),
    () => `${module}: no such file; option 'module' takes a JavaScript or TypeScript module`,
  );
  return {
    subject: {
      ...{ id: "landscape.own", title: `'${fn}' of ${path.basename(file)}` },
      energy: { label: "value", unit: "" },
      source: { module: pathToFileURL(file).href, fn, input: {} },
    },
    effort: { ...clusterEffort, steps: 50, modes: 10, searches: 10, rounds: 5, cycles: 5 },
  };
}

/** Larger clusters have more minima than searches can be made from: fewer from each, none from 38 atoms on. */
function clusterEffortOf(atoms: number): Effort {
  if (atoms <= 8) return clusterEffort;
  if (atoms < 30)
    return { ...clusterEffort, steps: 60, modes: 3, modeSizes: "0.3", searches: 0, rounds: 1, cycles: 3 };
  return { ...clusterEffort, steps: 1200, save: 4, modes: 0, searches: 0, rounds: 0, cycles: 1, attempts: 1 };
}

/** The options of the lens for a system: what was set by hand, else what suits it. */
export function lensOptions(options: StudyOptions, effort: Effort = classifierEffort): LandscapeOptions {
  const chosen = Object.fromEntries(
    Object.entries(effort).map(([name, value]) => {
      const given = options[name as keyof Effort];
      return [name, given === -1 || given === "" ? value : given];
    }),
  ) as Effort;
  const { grouping, rule, height, cut, least, growths, conserved, epsilon, leaving, boltzmann } = options;
  const { shuffles, randomSets, bootstraps, dataResamples, groupDraws, attributionRows } = options;
  const { integralSteps, repeats, orders, weightNulls, labelNulls, coldest, hottest } = options;
  return {
    ...chosen,
    ...{ grouping, rule, height, cut, least, growths, conserved, epsilon, leaving, boltzmann },
    ...{ shuffles, randomSets, bootstraps, dataResamples, groupDraws, attributionRows, integralSteps },
    ...{ repeats, orders, weightNulls, labelNulls, coldest, hottest },
  };
}
