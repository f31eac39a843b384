import { numberColumn, type Provenance, type Table, textColumn } from "../../data/table.ts";
import { median } from "../../stats/quantile.ts";
import type { Findings } from "../contract.ts";
import { note, warning } from "../diagnostic.ts";
import { perturbationFigure } from "./figures/perturbation-curves.ts";
import type { Effect, HelixPerturbation } from "./helix-perturbation.ts";
import type { PerturbationProbe } from "./subject.ts";

/** Adds a helix perturbation to `findings`: numbers of each change, the criteria H4–H6, curves, a table, a sentence. */
export function reportPerturbation(
  found: HelixPerturbation,
  probe: PerturbationProbe,
  provenance: readonly Provenance[],
  findings: Findings,
): void {
  const { metrics } = findings;
  const suffix = probe.unit === "" ? "" : `_${probe.unit}`;
  const name = "helix.perturb";
  metrics[`${name}.own.curvature`] = found.own.curvature;
  metrics[`${name}.own.maxima`] = found.own.maxima;
  for (const { modification, effect, controls } of found.changed) {
    const own = `${name}.${modification.name}`;
    const typical = (of: (effect: Effect) => number) => median(controls.map(of));
    Object.assign(metrics, {
      [`${own}.offset${suffix}`]: effect.offset,
      [`${own}.spread${suffix}`]: effect.spread,
      [`${own}.rms${suffix}`]: effect.size,
      [`${own}.curvature`]: effect.curvature,
      [`${own}.maxima`]: effect.maxima,
      [`${own}.control.offset${suffix}`]: typical((e) => e.offset),
      [`${own}.control.rms${suffix}`]: typical((e) => e.size),
      [`${own}.control.curvature`]: typical((e) => e.curvature),
      [`${own}.control.maxima`]: typical((e) => e.maxima),
    });
  }
  for (const { name: criterion, holds, controls } of found.criteria) {
    metrics[`${name}.${criterion}`] = holds ? 1 : 0;
    metrics[`${name}.${criterion}.controls`] = controls;
  }
  const count = found.changed[0]!.controls.length;
  const verdicts = found.criteria.map(
    ({ name: criterion, holds, says, controls }) =>
      `${criterion} (${says}) ${holds ? "holds" : "does not hold"}; ${Math.round(controls * count)} of ${count} random controls meet it`,
  );
  findings.summary.push(
    `Drawn with other parameters, the helices of Z and N move the ${probe.quantity}: ${verdicts.join(". ")}.`,
  );
  const cheap = found.criteria.filter(({ holds, controls }) => holds && controls > 0.1);
  if (cheap.length > 0) {
    findings.diagnostics.push(
      warning(
        `Helix perturbation: ${cheap.map((criterion) => criterion.name).join(", ")} ${cheap.length === 1 ? "is" : "are"} met by more than a tenth of the random controls too; the criterion's shape alone is weak evidence, its size beside the controls' says more.`,
      ),
    );
  }
  const r2 = (helix: HelixPerturbation["z"]) =>
    `${helix.fit.turns.toFixed(2)} turns, R² ${helix.fit.r2.toFixed(3)}`;
  findings.diagnostics.push(
    note(
      `Helix perturbation: ${found.pairs} pairs within both windows; the helix of Z has ${r2(found.z)}, that of N ${r2(found.n)}. Both tables are changed at once, lengths from the window's first token on; tokens outside of the windows stay.`,
    ),
  );
  findings.figures.push(
    perturbationFigure(found, probe, "Z", provenance),
    perturbationFigure(found, probe, "N", provenance),
  );
  findings.tables.push(perturbationTable(found, probe, provenance));
}

function perturbationTable(
  { own, changed }: HelixPerturbation,
  { unit }: PerturbationProbe,
  provenance: readonly Provenance[],
): Table {
  const lines: { change: string; effect: Effect; control?: Effect[] }[] = [
    { change: "none", effect: own },
    ...changed.map(({ modification, effect, controls }) => ({
      change: `${modification.parameter} × ${modification.factor}`,
      effect,
      control: controls,
    })),
  ];
  const column = (title: string, of: (effect: Effect) => number, help: string, own: string) => [
    numberColumn(
      title,
      own,
      lines.map(({ effect }) => of(effect)),
      { help },
    ),
    numberColumn(
      `${title}, control`,
      own,
      lines.map(({ control }) => (control ? median(control.map(of)) : Number.NaN)),
      {
        help: "median over the same changes along random directions",
      },
    ),
  ];
  return {
    name: "helix-perturbation",
    rows: lines.length,
    columns: [
      textColumn(
        "change",
        lines.map(({ change }) => change),
      ),
      ...column("offset", (e) => e.offset, "mean of changed − own, all pairs within both windows", unit),
      ...column("spread", (e) => e.spread, "standard deviation of changed − own", unit),
      ...column(
        "curvature",
        (e) => e.curvature,
        "downward, of a parabola through the curve over N, per neutron²",
        unit,
      ),
      ...column("tops", (e) => e.maxima, "of the curve over Z, smoothed over neighbours", ""),
    ],
    provenance,
  };
}
