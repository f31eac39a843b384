import { type Configurations, selectFrames } from "../../data/configurations.ts";
import { numberColumn, textColumn } from "../../data/table.ts";
import { emptyFindings } from "../../lenses/contract.ts";
import { note, warning } from "../../lenses/diagnostic.ts";
import type { Figure } from "../../lenses/figure.ts";
import { curvesFigure, sides } from "../../lenses/relevance/figures/curves-figure.ts";
import { configurationOf } from "../../lenses/relevance/subject.ts";
import { angleDistribution } from "../../physics/fluids/angles.ts";
import { kineticTemperature } from "../../physics/fluids/dynamics.ts";
import type { Distribution } from "../../physics/fluids/histogram-frames.ts";
import { radialDistribution } from "../../physics/fluids/radial-distribution.ts";
import type { Section } from "../contract.ts";
import type { DynamicsResult } from "./dynamics-job.ts";
import { type FluidResult, trajectoryFrames } from "./fluid-study.ts";

/** A drift of the energy above this, kcal/mol a bead and ps, is flagged. */
const driftFrom = 0.01;
/** A mean |Δg| above this is flagged. */
const structureFrom = 0.05;

/** What the network does by itself: energy drift, g(r) and angles against the data, and another density. */
export function dynamicsSection(result: FluidResult): Section | undefined {
  const { name, system, held, elsewhere, dynamics } = result;
  const { conserved, here, elsewhere: there } = dynamics;
  if (!conserved && !here && !there) return undefined;
  const metrics: Record<string, number> = {};
  const figures: Figure[] = [];
  const section: Section = {
    ...emptyFindings(),
    title: `${system.title} by the network's own dynamics`,
    asked:
      "Does the network keep its energy, make the structure it was trained on, and that of another density?",
    metrics,
    figures,
  };
  for (const one of [conserved, here, there]) {
    if (one?.broke) {
      section.diagnostics.push(warning(`Dynamics '${one.name}' broke off: ${one.broke}`));
      metrics[`${name}.dynamics.broke`] = (metrics[`${name}.dynamics.broke`] ?? 0) + 1;
    }
  }
  metrics[`${name}.dynamics.broke`] ??= 0;
  if (conserved && conserved.time.length > 3) {
    const { drift, scatter } = energyDrift(conserved, held.beads);
    metrics[`${name}.drift`] = drift;
    metrics[`${name}.energy_scatter`] = scatter;
    figures.push(energyFigure(name, system.title, conserved, held.beads));
    section.summary.push(
      `Without a thermostat the energy of ${system.title} under the network drifts by ${number(drift)} kcal/mol a bead and ps and scatters by ${number(scatter)}.`,
    );
    if (Math.abs(drift) > driftFrom)
      section.diagnostics.push(warning(`The energy drifts by ${number(drift)} kcal/mol a bead and ps.`));
  }
  for (const [part, ran, like] of [
    ["here", here, ownState(result)],
    ["elsewhere", there, elsewhere],
  ] as const) {
    if (!ran || ran.frames < 4) continue;
    const suffix = part === "here" ? "" : ".elsewhere";
    const data = structureOf(like);
    const own = structureOf(trajectoryFrames(ran, like), data.shell);
    const gap = meanGap(own.g, data.g);
    const angleGap = overlapGap(own.angles, data.angles);
    metrics[`${name}.g_gap${suffix}`] = gap;
    metrics[`${name}.angle_gap${suffix}`] = angleGap;
    metrics[`${name}.g_peak${suffix}`] = Math.max(...own.g.value);
    metrics[`${name}.g_peak.data${suffix}`] = Math.max(...data.g.value);
    const degrees = 3 * like.beads;
    metrics[`${name}.temperature${suffix}`] =
      ran.kinetic.reduce((sum, k) => sum + kineticTemperature(k, degrees), 0) / ran.kinetic.length;
    const where = part === "here" ? "the state it was trained on" : "another density";
    figures.push(
      structureFigure(`${name}-rdf${part === "here" ? "" : "-elsewhere"}`, {
        title: `g(r) of ${system.title}, ${where}`,
        caption: `Radial distribution of the network's own dynamics at ${system.temperature} K (${ran.frames} frames) and of the data (${like.frames} frames); bands: one standard error from blocks. Mean |difference| beyond the core: ${number(gap)}.`,
        x: { label: "distance r (Å)", column: "r", unit: "Å" },
        y: { label: "g(r)", column: "g", unit: "" },
        own: own.g,
        data: data.g,
      }),
      structureFigure(`${name}-angles${part === "here" ? "" : "-elsewhere"}`, {
        title: `Angles between neighbours in ${system.title}, ${where}`,
        caption: `Distribution of the angle at a bead between two neighbours within ${data.shell.toFixed(2)} Å (the first minimum of the data's g(r)), of the network's own dynamics and of the data. Half the area between the curves: ${number(angleGap)}.`,
        x: { label: "angle θ (degrees)", column: "theta", unit: "degrees" },
        y: { label: "probability per degree", column: "p", unit: "1/degree" },
        own: own.angles,
        data: data.angles,
      }),
    );
    section.summary.push(
      `At ${where} the network's g(r) differs from the data by ${number(gap)} in the mean, its first peak is ${number(metrics[`${name}.g_peak${suffix}`]!)} against ${number(metrics[`${name}.g_peak.data${suffix}`]!)}.`,
    );
    if (gap > structureFrom)
      section.diagnostics.push(
        warning(`At ${where} g(r) is off by ${number(gap)} in the mean: the network makes another fluid.`),
      );
  }
  section.diagnostics.push(
    note(
      "g(r) and angles of a few picoseconds have errors of their own: compare with the bands, not with the lines alone.",
    ),
  );
  return section;
}

/** All frames of the fluid's own state, those it was trained on too: the best there is of the data's structure. */
function ownState({ frames: { set, state } }: FluidResult): Configurations {
  return selectFrames(
    set,
    Array.from(state.keys()).filter((f) => state[f] === 0),
  );
}

/** Slope (kcal/mol a bead and ps) and scatter (kcal/mol a bead) of the total energy by least squares. */
export function energyDrift(
  { time, potential, kinetic }: DynamicsResult,
  beads: number,
): { drift: number; scatter: number } {
  const n = time.length;
  const energy = potential.map((u, k) => (u + kinetic[k]!) / beads);
  const t = time.map((fs) => fs / 1000);
  const [meanT, meanE] = [t, energy].map((values) => values.reduce((sum, v) => sum + v, 0) / n) as [
    number,
    number,
  ];
  let [tt, te] = [0, 0];
  t.forEach((value, k) => {
    tt += (value - meanT) ** 2;
    te += (value - meanT) * (energy[k]! - meanE);
  });
  const drift = te / tt;
  const left = energy.reduce((sum, e, k) => sum + (e - meanE - drift * (t[k]! - meanT)) ** 2, 0);
  return { drift, scatter: Math.sqrt(left / n) };
}

/** g(r), and angles between neighbours within `given` Å, or within the first minimum of g(r). */
function structureOf(
  frames: Configurations,
  given?: number,
): { g: Distribution; angles: Distribution; shell: number } {
  const all = Array.from({ length: frames.frames }, (_, f) => configurationOf(frames, f));
  const rMax = Math.min(...all[0]!.cell.heights) / 2;
  const g = radialDistribution(all, { rMax, bins: 80 });
  const peak = g.value.indexOf(Math.max(...g.value));
  let low = peak;
  while (low + 1 < g.value.length && g.at[low]! < 1.6 * g.at[peak]!) {
    low++;
    if (g.value[low]! < 1 && g.value[low + 1]! > g.value[low]! && g.at[low]! > 1.15 * g.at[peak]!) break;
  }
  const shell = given ?? g.at[low]!;
  return { g, angles: angleDistribution(all, { shell, bins: 60 }), shell };
}

function meanGap(a: Distribution, b: Distribution): number {
  const from = b.value.findIndex((value) => value > 0.01);
  const bins = b.value.length - from;
  let sum = 0;
  for (let k = from; k < b.value.length; k++) sum += Math.abs(a.value[k]! - b.value[k]!);
  return sum / bins;
}

function overlapGap(a: Distribution, b: Distribution): number {
  return a.value.reduce((sum, v, k) => sum + Math.abs(v - b.value[k]!) * (a.edges[1]! - a.edges[0]!), 0) / 2;
}

function structureFigure(
  name: string,
  options: {
    title: string;
    caption: string;
    x: { label: string; column: string; unit: string };
    y: { label: string; column: string; unit: string };
    own: Distribution;
    data: Distribution;
  },
): Figure {
  const { own, data, ...rest } = options;
  return curvesFigure({
    name,
    ...rest,
    curves: [
      { label: "data", at: data.at, value: data.value, error: data.error, as: "dashed", color: sides.truth },
      { label: "network", at: own.at, value: own.value, error: own.error, color: sides.relevance },
    ],
    provenance: [],
  });
}

function energyFigure(id: string, title: string, run: DynamicsResult, beads: number): Figure {
  const start = (run.potential[0]! + run.kinetic[0]!) / beads;
  return curvesFigure({
    name: `${id}-energy`,
    title: `Energy without a thermostat, ${title}`,
    caption: `Total energy per bead less its first value, velocity Verlet in the network's forces (float64). A network without an energy of its own would drift.`,
    x: { label: "time (ps)", column: "time", unit: "ps" },
    y: { label: "energy − first (cal/mol a bead)", column: "energy", unit: "cal/mol" },
    curves: [
      {
        label: "total",
        at: run.time.map((fs) => fs / 1000),
        value: run.potential.map((u, k) => 1000 * ((u + run.kinetic[k]!) / beads - start)),
        color: sides.relevance,
      },
    ],
    provenance: [],
  });
}

function number(value: number): string {
  return value.toPrecision(2).replace("-", "−");
}

/** The dynamics that were run, as a table. */
export function dynamicsTable(results: readonly FluidResult[]) {
  const runs = results.flatMap(({ dynamics }) => Object.values(dynamics));
  return {
    name: "dynamics",
    title: "Dynamics in the forces of the networks",
    rows: runs.length,
    columns: [
      textColumn(
        "run",
        runs.map((run) => run.name),
      ),
      numberColumn(
        "time",
        "ps",
        runs.map((run) => (run.time.at(-1) ?? 0) / 1000),
      ),
      numberColumn(
        "frames",
        "",
        runs.map((run) => run.frames),
      ),
      textColumn(
        "ended",
        runs.map((run) => run.broke ?? "as planned"),
      ),
    ],
    provenance: [],
  };
}
