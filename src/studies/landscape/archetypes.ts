import type { Task } from "../../core/task.ts";
import { emptyFindings } from "../../lenses/contract.ts";
import { note } from "../../lenses/diagnostic.ts";
import { depthCases, hiddenUnitCases, regularisationCases } from "../../lenses/landscape/archetypes/cases.ts";
import {
  type Archetype,
  type ArchetypeCase,
  archetypeTable,
  compareLandscapes,
  type NetworkShelf,
} from "../../lenses/landscape/archetypes/compare.ts";
import { archetypesFigure } from "../../lenses/landscape/figures/archetypes-figure.ts";
import { explorationOf, type LandscapeOptions } from "../../lenses/landscape/options.ts";
import type { ClassifierProblem } from "../../models/classifier/problem.ts";
import type { Section, StudyContext } from "../contract.ts";
import type { SeedResult } from "./classifier-study.ts";
import { decodeExploration, encodeExploration } from "./network-bytes.ts";

/** One axis along which landscapes are compared. */
interface Axis {
  name: string;
  title: string;
  label: string;
  logarithmic: boolean;
  cases: ArchetypeCase[];
}

/** Landscapes against hidden units, regularisation, rows and depth, each explored with the same effort. */
export async function archetypesSections(
  first: SeedResult,
  lens: LandscapeOptions,
  context: Pick<StudyContext, "checkpoints" | "threads" | "random">,
  task: Task,
): Promise<Section[]> {
  const axes = axesOf(first.data.part.problem, first.data.name);
  const sections: Section[] = [];
  for (const [k, axis] of axes.entries()) {
    const found = await compareLandscapes(axis.cases, {
      seed: context.random.fork("archetypes", axis.name).int(2 ** 30),
      effort: explorationOf(lens),
      threads: context.threads > 1 ? context.threads : 0,
      shelf: shelfOf(context.checkpoints, axis.name),
      task: task.part(k / axes.length, (k + 1) / axes.length, axis.title),
    });
    sections.push(sectionOf(axis, found));
  }
  return sections;
}

function axesOf(problem: ClassifierProblem, own: string): Axis[] {
  const { rows } = problem.data;
  const [first] = problem.shape.hidden;
  const shallow = { ...problem, shape: { ...problem.shape, hidden: [first!] } };
  const units = [1, 2, 3, 4, 5].filter((count) => count <= Math.max(2, first!));
  const lambdas = new Set([1e-1, 1e-2, 3e-3, 1e-3, Math.min(5e-4, problem.lambda || 5e-4)]);
  const sizes = [Math.min(100, Math.floor(rows / 2)), rows];
  return [
    {
      ...{ name: "units", title: `Hidden units, ${own}`, label: "hidden units", logarithmic: false },
      cases: hiddenUnitCases(problem, units),
    },
    {
      ...{ name: "lambda", title: `Regularisation, ${own}`, label: "λ", logarithmic: true },
      cases: regularisationCases(problem, [...lambdas]),
    },
    {
      ...{ name: "depth", title: `Depth at equal weights and rows of data, ${own}`, label: "training rows" },
      logarithmic: true,
      cases: depthCases(shallow, sizes),
    },
  ];
}

function sectionOf({ name, title, label, logarithmic }: Axis, found: readonly Archetype[]): Section {
  const metrics: Record<string, number> = {};
  found.forEach(({ minima, saddles, relativeBarrier, basins, lowest }, k) => {
    const at = `landscape.archetypes.${name}.${k + 1}`;
    metrics[`${at}.minima`] = minima;
    metrics[`${at}.saddles`] = saddles;
    metrics[`${at}.basins`] = basins;
    metrics[`${at}.lowest`] = lowest;
    if (Number.isFinite(relativeBarrier)) metrics[`${at}.barrier`] = relativeBarrier;
  });
  const said = found.map((one) => `${one.label}: ${one.minima} minima, ${one.saddles} transition states`);
  return {
    ...emptyFindings(),
    title,
    asked: "How do the numbers of minima and transition states, the barriers and the funnels change?",
    metrics,
    figures: [
      archetypesFigure({
        name: `landscape-archetypes-${name}`,
        title,
        caption: "What the same search effort found on each landscape; counts are lower bounds.",
        archetypes: found,
        axis: { label, unit: "" },
        logarithmic,
      }),
    ],
    tables: [archetypeTable(found, { name: `landscape-archetypes-${name}-table`, title })],
    diagnostics: [
      note(
        "Every landscape was searched with the same effort: where there are many minima, a larger share is missed.",
      ),
    ],
    summary: [`${said.join("; ")}.`],
  };
}

/** Networks kept as checkpoints of the run. */
function shelfOf(checkpoints: StudyContext["checkpoints"], axis: string): NetworkShelf {
  const key = (label: string) => `landscape/archetypes/${axis}/${label}`;
  return {
    load(label) {
      const held = checkpoints.read(key(label));
      return held && decodeExploration(held).network;
    },
    save(label, network) {
      const empty = { quenches: 0, failedQuenches: 0, refused: {}, failures: {}, gradients: 0, hessians: 0 };
      const group = { name: "", bottom: 0, minima: [] };
      checkpoints.write(
        key(label),
        encodeExploration({ ...empty, network, unreachable: [], grown: 0, group }),
      );
    },
  };
}
