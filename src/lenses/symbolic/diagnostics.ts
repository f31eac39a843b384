import type { Diagnostic } from "../contract.ts";
import { note, warning } from "../diagnostic.ts";
import type { SymbolicAnalysis } from "./analyse.ts";
import { lawText } from "./law-text.ts";
import { operatorGaps } from "./operators.ts";
import { rowName, type SymbolicSubject } from "./subject.ts";

/** Below this share of the estimated noise a formula follows noise. */
const overfitted = 0.8;

/** What to know before believing the formula. */
export function diagnosticsOf(subject: SymbolicSubject, analysis: SymbolicAnalysis): Diagnostic[] {
  return [
    ...size(analysis),
    ...choice(analysis),
    ...chance(analysis),
    ...rows(analysis),
    ...form(analysis),
    ...units(subject, analysis),
    ...gaps(subject, analysis),
    ...(analysis.reproducible
      ? []
      : [warning("A search was ended by the clock: another run may stop elsewhere.")]),
  ];
}

function size({ problem, constants, law }: SymbolicAnalysis): Diagnostic[] {
  const n = problem.target.length;
  if (n >= 20) return [];
  const left = n - law.parameters;
  return [
    warning(
      `${n} rows: the formula's ${law.parameters} constants leave ${left} degrees of freedom, errors on held-out rows rest on a few points, and a resample leaves out a third of the rows. R² by itself says nothing here${constants.without === undefined ? "" : `; no intervals (${constants.without})`}.`,
    ),
  ];
}

function choice(analysis: SymbolicAnalysis): Diagnostic[] {
  const { choice: made } = analysis;
  const out: Diagnostic[] = [];
  const text = (i: number) =>
    `${lawText(analysis, made.candidates[i]!.expression)} (complexity ${made.candidates[i]!.complexity})`;
  if (made.disagree) {
    out.push(
      warning(
        `The rules disagree: description length takes ${text(made.picks["description length"])}, PySR's score ${text(made.picks.score)}, BIC ${text(made.picks.bic)}. What is claimed is the choice by ${made.rule}.`,
      ),
    );
  }
  const others = made.close.filter((i) => i !== made.chosen);
  if (others.length > 0) {
    out.push(
      note(
        `Within 2 nats of the shortest description, so that the data hardly tell them apart: ${others.slice(0, 4).map(text).join("; ")}${others.length > 4 ? `; and ${others.length - 4} more` : ""}.`,
      ),
    );
  }
  if (made.picks["description length"] === 0) {
    out.push(warning("No formula has a shorter description than a constant: nothing was found."));
  }
  return out;
}

function chance({ nulls, lookElsewhere, law, dummies, main }: SymbolicAnalysis): Diagnostic[] {
  const out: Diagnostic[] = [];
  const [test] = nulls.tests;
  if (test.floor > 0.05) {
    out.push(
      warning(
        `${nulls.rounds} reruns on permuted targets cannot give a p below ${short(test.floor)}: they cannot decide at 0.05. Make at least 19.`,
      ),
    );
  }
  if (law.determination <= lookElsewhere) {
    out.push(
      note(
        `R² is ${short(law.determination)}, and the best of ${main.evaluations.toLocaleString("en")} independent guesses on noise could reach up to ${short(lookElsewhere)}: R² alone is no evidence here. The permutation test decides.`,
      ),
    );
  }
  if (dummies !== undefined && dummies.used.length > 0) {
    out.push(
      warning(
        `Offered shuffled columns, the search chose a formula with ${dummies.used.join(", ")}: it takes up what cannot matter.`,
      ),
    );
  }
  return out;
}

function rows({ noise, law, problem, heldOut }: SymbolicAnalysis): Diagnostic[] {
  const out: Diagnostic[] = [];
  const n = problem.target.length;
  // With stated errors χ² says it better; among neighbours far apart in many columns the estimate is too high.
  const told = noise.method === "replicates" || problem.columns.length <= 2;
  const followed = noise.variance > 0 && law.rms ** 2 < overfitted * noise.variance;
  if (n >= 20 && problem.weights === undefined && told && followed) {
    out.push(
      note(
        `The RMS error ${short(law.rms)} is below ${overfitted} of the noise that ${noise.method} suggest (${short(Math.sqrt(noise.variance))}): either the estimate is rough, or the formula follows noise.`,
      ),
    );
  }
  if (problem.weights !== undefined) {
    const reduced = law.squares / Math.max(1, n - law.parameters);
    if (reduced > 2 || reduced < 0.5) {
      out.push(
        warning(
          `χ² per degree of freedom is ${short(reduced)}: the stated errors are too ${reduced > 2 ? "small, or the formula is not the whole law" : "large"}.`,
        ),
      );
    }
  }
  if (heldOut.inside > 3 * Math.max(heldOut.train, 1e-300)) {
    out.push(
      warning(
        `Held-out rows have an error of ${short(heldOut.inside)} against ${short(heldOut.train)} on those searched on: the search overfits.`,
      ),
    );
  }
  return out;
}

function form(analysis: SymbolicAnalysis): Diagnostic[] {
  const { singularities, constants } = analysis;
  const out: Diagnostic[] = [];
  for (const { what, part, status, at } of singularities.found) {
    const place = at.map((value, i) => `${analysis.problem.names[i]} = ${short(value)}`).join(", ");
    out.push(
      status === "certain"
        ? warning(`Inside the data's range, at ${place}, the formula has ${what}: ${part}.`)
        : note(
            `Interval arithmetic cannot exclude ${what} in ${part} inside the data's range (near ${place}).`,
          ),
    );
  }
  if (singularities.skipped.length > 0) {
    out.push(note(`Not searched for singularities: ${singularities.skipped.join(", ")}.`));
  }
  if (constants.without !== undefined)
    out.push(warning(`No intervals of the constants: ${constants.without}.`));
  const zero = constants.constants.flatMap((c, k) => (c.nearZero ? [`c${k + 1}`] : []));
  if (zero.length > 0) {
    out.push(
      warning(`Not told from 0 at ${100 * constants.level} %: ${zero.join(", ")} (counted from the left).`),
    );
  }
  return out;
}

function units({ target }: SymbolicSubject, { units: report, problem }: SymbolicAnalysis): Diagnostic[] {
  if (report === undefined) {
    return [note(`No units were given: whether the formula balances in ${target.name} was not asked.`)];
  }
  const { wildcard, strict } = report;
  if (wildcard.violations.length > 0) {
    return [warning(`The formula does not balance in its units: ${wildcard.violations.join("; ")}.`)];
  }
  if (problem.dimensions!.strict === true || strict.violations.length === 0) {
    return [note("The formula balances in its units with all constants as pure numbers.")];
  }
  return [
    note(
      `The formula balances in its units if constants take dimensions (${wildcard.absorbed} time${wildcard.absorbed === 1 ? "" : "s"}); as pure numbers: ${strict.violations.join("; ")}.`,
    ),
  ];
}

function gaps(subject: SymbolicSubject, { settings, problem }: SymbolicAnalysis): Diagnostic[] {
  const found = operatorGaps(settings.operators, problem);
  if (found.length === 0) return [];
  const [first] = found;
  const list = [...new Set(found.map(({ operator, column }) => `${operator}(${column})`))];
  return [
    note(
      `Undefined on some rows, so that no formula holds them as they stand: ${list.join(", ")}; the first is ${first!.operator}(${first!.value}) in ${rowName(subject, first!.row)}.`,
    ),
  ];
}

const short = (value: number) => String(Number(value.toPrecision(3)));
