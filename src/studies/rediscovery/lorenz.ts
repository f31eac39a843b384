import { numberColumn, textColumn } from "../../data/table.ts";
import { emptyFindings } from "../../lenses/contract.ts";
import { note } from "../../lenses/diagnostic.ts";
import type { Section } from "../contract.ts";
import { inclusionFigure } from "./figure-inclusion.ts";
import { type LorenzFit, levels, methods } from "./fit-lorenz.ts";

/** The part of the report on the Lorenz system. */
export function lorenzSection(fits: readonly LorenzFit[]): Section {
  const findings = emptyFindings();
  const rows = methods.flatMap(({ name, key }) =>
    levels.map((noise) => {
      const own = fits.filter((fit) => fit.key === key && fit.noise === noise);
      const sum = (of: (fit: LorenzFit) => number) => own.reduce((total, fit) => total + of(fit), 0);
      return {
        ...{ name, key, noise },
        count: own.length,
        exact: own.filter(({ found, spurious }) => found === 7 && spurious === 0).length / own.length,
        worst: Math.max(...own.map(({ worst }) => worst)),
        spurious: sum(({ spurious }) => spurious),
        flagged: sum(({ flagged }) => flagged),
        doubted: sum(({ doubted }) => doubted),
      };
    }),
  );
  for (const { key, noise, exact, worst, spurious, flagged } of rows) {
    findings.metrics[`lorenz.${key}.exact.${noise}`] = exact;
    findings.metrics[`lorenz.${key}.worst.${noise}`] = worst;
    findings.metrics[`lorenz.${key}.spurious.${noise}`] = spurious;
    findings.metrics[`lorenz.${key}.spurious_flagged.${noise}`] = flagged;
  }
  const shown = fits.find(({ key, noise }) => key === "rates" && noise === 0.05)!;
  findings.figures.push(inclusionFigure(shown));
  findings.tables.push({
    name: "lorenz",
    title: "Lorenz: the seven terms by noise and method",
    rows: rows.length,
    provenance: [],
    columns: [
      textColumn(
        "method",
        rows.map(({ name }) => name),
      ),
      numberColumn(
        "noise",
        "",
        rows.map(({ noise }) => noise),
        { help: "in standard deviations of each state" },
      ),
      numberColumn(
        "data sets",
        "",
        rows.map(({ count }) => count),
      ),
      numberColumn(
        "exact",
        "",
        rows.map(({ exact }) => exact),
        { help: "share with exactly the seven true terms" },
      ),
      numberColumn(
        "largest error",
        "",
        rows.map(({ worst }) => worst),
        {
          help: "of a true coefficient, relative; 1 for a term that is missing",
        },
      ),
      numberColumn(
        "spurious",
        "",
        rows.map(({ spurious }) => spurious),
        { help: "terms, over all data sets" },
      ),
      numberColumn(
        "of them flagged",
        "",
        rows.map(({ flagged }) => flagged),
      ),
      numberColumn(
        "true terms flagged",
        "",
        rows.map(({ doubted }) => doubted),
      ),
    ],
  });
  findings.formulas.push({
    label: "Lorenz",
    tex: "\\dot x = 10 (y - x),\\quad \\dot y = x (28 - z) - y,\\quad \\dot z = x y - \\tfrac{8}{3} z",
  });
  findings.diagnostics.push(
    note(
      "A term is flagged where fewer than 95 % of the resamples choose it or its coefficient is less than three of its standard deviations from 0. Noise on the states biases least squares, E[x²] being too large by σ²; the corrected moments take that out and need σ to be known.",
    ),
  );
  const at = (noise: number) => rows.find((row) => row.key === "rates" && row.noise === noise)!;
  findings.summary.push(
    `Lorenz by sparse regression: exactly the seven terms in ${[0, 0.001, 0.01].map((noise) => `${(100 * at(noise).exact).toFixed(0)} % of the data sets at noise ${noise} (largest error ${(100 * at(noise).worst).toFixed(2)} %)`).join(", ")}; at noise 0.05 ${at(0.05).spurious} spurious terms, ${at(0.05).flagged} of them flagged.`,
  );
  return {
    ...findings,
    title: "Lorenz by sparse regression",
    asked: "Which terms of a library make the rates of change, and which are noise read as signal?",
  };
}
