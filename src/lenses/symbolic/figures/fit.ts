import * as Plot from "@observablehq/plot";
import { numberColumn } from "../../../data/table.ts";
import { evaluateRows } from "../../../expressions/evaluate.ts";
import { variablesOf } from "../../../expressions/expression.ts";
import { studentHalfWidth } from "../../../stats/student-t.ts";
import type { PlotFigure } from "../../figure.ts";
import type { SymbolicAnalysis } from "../analyse.ts";
import { predictionErrors } from "../evidence/constants.ts";
import { lawText } from "../law-text.ts";
import type { SymbolicSubject } from "../subject.ts";
import { blue, cut, guide, named, orange, unitText } from "./style.ts";

/** One row as it is drawn. */
interface Row {
  x: number;
  y: number;
  formula: number;
  residual: number;
  error: number;
  sigma: number;
  where: string;
}

/** The formula through the data: along its column if it has one, otherwise measured against computed. */
export function fitFigure(subject: SymbolicSubject, analysis: SymbolicAnalysis): PlotFigure {
  const { law, problem, operators } = analysis;
  const used = variablesOf(law.expression);
  const single = used.length === 1 ? used[0]! : undefined;
  const rows = rowsOf(analysis, single);
  const { target } = subject;
  const y = `${target.name}${unitText(target.unit)}`;
  const x = single === undefined ? undefined : subject.columns[single]!;
  const curve = single === undefined ? diagonal(rows) : along(single);
  const name = named(subject.id, "fit");
  const measured = problem.weights !== undefined;
  return {
    kind: "plot",
    name,
    title: `${target.name} = ${cut(lawText(analysis, law.expression), 70)}`,
    caption:
      (x === undefined
        ? "Measured values against those of the chosen formula; on the line they are equal. "
        : `The chosen formula (line) through the data, along ${x.name}. `) +
      `${rows.length} rows; bars: ${measured ? "one stated standard deviation" : "none are stated"}. ` +
      "Orange: the rows that another search did without, to measure errors at the extremes; the formula drawn here is of the search on all rows.",
    data: {
      name,
      rows: rows.length,
      provenance: subject.provenance ?? [],
      columns: dataColumns(subject, rows, x?.name ?? "formula", x?.unit ?? target.unit),
    },
    plot: {
      height: 400,
      x: { label: x === undefined ? `formula${unitText(target.unit)}` : `${x.name}${unitText(x.unit)}` },
      y: { label: y },
      color: { type: "categorical", domain: ["within", "extreme fifth"], range: [blue, orange] },
      marks: [
        Plot.line(curve, { x: "x", y: "y", stroke: guide, strokeWidth: 1.6 }),
        ...(measured
          ? [
              Plot.ruleX(rows, {
                x: "x",
                y1: (r: Row) => r.y - r.sigma,
                y2: (r: Row) => r.y + r.sigma,
                stroke: "where",
                strokeOpacity: 0.5,
              }),
            ]
          : []),
        Plot.dot(rows, { x: "x", y: "y", fill: "where", r: rows.length > 300 ? 1.6 : 2.8, fillOpacity: 0.8 }),
      ],
    },
  };

  function along(column: number): { x: number; y: number }[] {
    const xs = rows.map((row) => row.x);
    const [low, high] = [Math.min(...xs), Math.max(...xs)];
    const grid = Float64Array.from({ length: 241 }, (_, i) => low + ((high - low) * i) / 240);
    const columns = problem.columns.map((_, j) => (j === column ? grid : new Float64Array(grid.length)));
    const values = evaluateRows(law.expression, columns, operators);
    return Array.from(grid, (at, i) => ({ x: at, y: values[i]! })).filter((p) => Number.isFinite(p.y));
  }
}

/** Residuals of the chosen formula with what its constants' uncertainty makes of them. */
export function residualFigure(subject: SymbolicSubject, analysis: SymbolicAnalysis): PlotFigure {
  const { problem, constants } = analysis;
  const rows = rowsOf(analysis, undefined);
  const { target } = subject;
  const measured = problem.weights !== undefined;
  const n = rows.length;
  const p = constants.constants.length;
  const t = n > p ? studentHalfWidth(constants.level, measured ? 1e7 : n - p) : 0;
  const level = (100 * constants.level).toFixed(0);
  const band = rows.toSorted((a, b) => a.x - b.x);
  const name = named(subject.id, "residuals");
  return {
    kind: "plot",
    name,
    title: `What the formula leaves of ${target.name}`,
    caption:
      `Residuals (measured − formula) of ${n} rows against the formula's value${measured ? ", with one stated standard deviation" : ""}. ` +
      (constants.covariance === undefined
        ? ""
        : `Thin bars at 0: ${level} % interval of the formula's value that follows from the uncertainty of its ${p} constants, its form taken as given. `) +
      "A pattern is something that the formula does not say.",
    data: {
      name,
      rows: n,
      provenance: subject.provenance ?? [],
      columns: dataColumns(subject, rows, "formula", target.unit),
    },
    plot: {
      height: 330,
      x: { label: `formula${unitText(target.unit)}` },
      y: { label: `residual${unitText(target.unit)}` },
      color: { type: "categorical", domain: ["within", "extreme fifth"], range: [blue, orange] },
      marks: [
        Plot.ruleX(band, {
          x: "x",
          y1: (r: Row) => -t * r.error,
          y2: (r: Row) => t * r.error,
          stroke: guide,
          strokeOpacity: 0.55,
          strokeWidth: 2.4,
        }),
        Plot.ruleY([0], { stroke: guide }),
        ...(measured
          ? [
              Plot.ruleX(rows, {
                x: "x",
                y1: (r: Row) => r.residual - r.sigma,
                y2: (r: Row) => r.residual + r.sigma,
                stroke: "where",
                strokeOpacity: 0.5,
              }),
            ]
          : []),
        Plot.dot(rows, { x: "x", y: "residual", fill: "where", r: n > 300 ? 1.6 : 2.8, fillOpacity: 0.8 }),
      ],
    },
  };
}

function rowsOf(analysis: SymbolicAnalysis, column: number | undefined): Row[] {
  const { law, problem, constants, extreme } = analysis;
  const errors = predictionErrors(law, constants.covariance);
  const outside = new Set(extreme?.split.outside);
  return Array.from(problem.target, (y, i) => ({
    x: column === undefined ? law.values[i]! : problem.columns[column]![i]!,
    y,
    formula: law.values[i]!,
    residual: law.residuals[i]!,
    error: errors?.[i] ?? 0,
    sigma: problem.weights === undefined ? 0 : 1 / Math.sqrt(problem.weights[i]!),
    where: outside.has(i) ? "extreme fifth" : "within",
  }));
}

function diagonal(rows: readonly Row[]): { x: number; y: number }[] {
  const all = rows.flatMap(({ x, y }) => [x, y]);
  return [Math.min(...all), Math.max(...all)].map((at) => ({ x: at, y: at }));
}

function dataColumns({ target }: SymbolicSubject, rows: readonly Row[], x: string, unit: string | undefined) {
  const of = (key: "x" | "y" | "formula" | "residual" | "error") => rows.map((row) => row[key]);
  const own = target.unit ?? "";
  return [
    numberColumn(x, unit ?? "", of("x")),
    numberColumn(target.name, own, of("y")),
    ...(x === "formula" ? [] : [numberColumn("formula", own, of("formula"))]),
    numberColumn("residual", own, of("residual")),
    numberColumn("formula_error", own, of("error"), { help: "one standard deviation, from the constants" }),
  ];
}
