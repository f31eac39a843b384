import { numberColumn, type Table, textColumn } from "../../data/table.ts";
import { emptyFindings } from "../../lenses/contract.ts";
import type { ControlAxis } from "../../lenses/curvature/axis.ts";
import { note, warning } from "../../lenses/diagnostic.ts";
import type { CriticalEstimate } from "../../physics/chain/indicators.ts";
import type { Section } from "../contract.ts";
import { plateauFigure } from "./figure-plateau.ts";
import type { PlateauNetwork } from "./plateaus.ts";
import { exactTransition } from "./subject.ts";
import type { Transition } from "./transition.ts";

/** Where plateau-trained networks put the transition, by ring, seed and plateau, beside classical indicators. */
export function transitionSection(
  networks: readonly PlateauNetwork[],
  transition: Transition | undefined,
  classical: readonly CriticalEstimate[],
  axis: ControlAxis,
): Section {
  const findings = emptyFindings();
  const first = networks[0]!;
  findings.metrics["phases.plateau.train_count"] = first.set.train.set.count;
  for (const { name, estimate } of classical) {
    if (Number.isFinite(estimate)) findings.metrics[`classical.${name.replace(/[^a-z]+/g, "_")}`] = estimate;
  }
  findings.figures.push(plateauFigure(networks, axis));
  findings.tables.push(boundaryTable(networks), classicalTable(classical));
  const odd = networks.filter(({ prediction }) => prediction.boundaries.length !== 1);
  if (odd.length > 0) {
    findings.diagnostics.push(
      warning(
        `${odd.length} of ${networks.length} plateau networks have not exactly one place where their prediction changes (${odd.map(({ network }) => network.name).join(", ")}); they take no part in the critical value.`,
      ),
    );
  }
  findings.diagnostics.push(
    note(
      "Networks that see two stretches always change their mind somewhere between them. Whether that place is the transition's shows in how it moves with the ring, the seed and above all with the plateaus.",
    ),
  );
  if (transition) {
    const { groups, value, seedSpread, sizeSpread, extrapolated, plateauSpread } = transition;
    Object.assign(findings.metrics, {
      "phases.plateau.boundary_V1": first.prediction.boundaries[0] ?? value,
      "phases.plateau.value_V1": value,
      ...finite({
        "phases.plateau.seed_spread": seedSpread,
        "phases.plateau.size_spread": sizeSpread,
        "phases.plateau.extrapolated_V1": extrapolated,
        "phases.plateau.plateau_spread": plateauSpread,
      }),
      ...Object.fromEntries(
        groups
          .filter(({ values }) => values.length > 0)
          .map((group) => [`phases.plateau.${group.plateau}.L${group.L}.boundary_V1`, group.mean]),
      ),
    });
    const sizes = groups.filter(({ plateau, values }) => plateau === first.set.plateau && values.length > 0);
    findings.summary.push(
      `Trained only on the plateaus, networks change their prediction at V1/J = ${sizes
        .toSorted((a, b) => a.L - b.L)
        .map((group) => `${group.mean.toFixed(2)} (${group.L} sites)`)
        .join(", ")}; exact is ${exactTransition}.${
        Number.isFinite(plateauSpread)
          ? ` Other plateaus move the place by up to ${plateauSpread.toFixed(2)}.`
          : ""
      } Level spectroscopy finds ${(classical[0]?.estimate ?? Number.NaN).toFixed(3)} on the same rings.`,
    );
  } else {
    findings.summary.push(
      "No plateau network has exactly one place where its prediction changes: there is no critical value to claim.",
    );
  }
  return {
    ...findings,
    title: "The transition, from plateaus alone",
    asked:
      "Where do networks put the transition that were never shown a state near it, and do classical indicators on the same rings do better?",
  };
}

function boundaryTable(networks: readonly PlateauNetwork[]): Table {
  const column = (name: string, of: (one: PlateauNetwork) => number) =>
    numberColumn(name, "", networks.map(of));
  return {
    name: "plateau-boundaries",
    title: "Where plateau-trained networks change their prediction",
    rows: networks.length,
    columns: [
      textColumn(
        "network",
        networks.map(({ network }) => network.name),
      ),
      textColumn(
        "plateaus",
        networks.map(({ set }) => set.plateau),
      ),
      column("sites", ({ set }) => set.L),
      column("states", ({ set }) => set.train.set.count),
      column("gradient norm", ({ network }) => network.gradientNorm),
      column("boundary V1", ({ prediction }) => prediction.boundaries[0] ?? Number.NaN),
      column("boundaries", ({ prediction }) => prediction.boundaries.length),
      column("accuracy along the cut", ({ prediction }) => prediction.accuracy),
    ],
    provenance: [],
  };
}

function classicalTable(classical: readonly CriticalEstimate[]): Table {
  const sizes = [...new Set(classical.flatMap((one) => one.sizes.map(({ L }) => L)))].sort((a, b) => a - b);
  return {
    name: "classical-indicators",
    title: "Classical indicators of the transition, V1/J",
    rows: classical.length,
    columns: [
      textColumn(
        "indicator",
        classical.map(({ name }) => name),
      ),
      numberColumn(
        "estimate",
        "",
        classical.map(({ estimate }) => estimate),
      ),
      ...sizes.map((L) =>
        numberColumn(
          `L = ${L}`,
          "",
          classical.map((one) => one.sizes.find((size) => size.L === L)?.value ?? Number.NaN),
        ),
      ),
      textColumn(
        "how",
        classical.map(({ method }) => method),
      ),
      textColumn(
        "caveat",
        classical.map(({ caveat }) => caveat),
      ),
    ],
    provenance: [],
  };
}

function finite(values: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => Number.isFinite(value)));
}
