import { readFileSync, statSync } from "node:fs";
import { assembleReportClaims } from "../claims/report-claims.ts";
import type { Values } from "../core/params.ts";
import { numberColumn, type Table, textColumn } from "../data/table.ts";
import { emptyFindings } from "../lenses/contract.ts";
import { note } from "../lenses/diagnostic.ts";
import { analyseSymbolic } from "../lenses/symbolic/analyse.ts";
import { findingsOf } from "../lenses/symbolic/findings.ts";
import { lawText } from "../lenses/symbolic/law-text.ts";
import { symbolicLens } from "../lenses/symbolic/lens.ts";
import { checkSubject, type SymbolicSubject } from "../lenses/symbolic/subject.ts";
import type { Study, StudyContext, StudyResult } from "./contract.ts";
import { params } from "./discover/params.ts";
import { readTable } from "./discover/read-table.ts";
import { checkVariables } from "./discover/screening.ts";
import { searchRunner } from "./symbolic/search-runner.ts";

type Options = Values<typeof params>;

/** The symbolic lens on the user's own table. */
export const discoverStudy: Study<typeof params> = {
  name: "discover",
  question: "Which short formula gives one column of a table from the others, and do the data support it?",
  params,
  presets: {
    quick: { evaluations: 100_000, nulls: 19, seeds: 3, bootstraps: 3 },
    full: { evaluations: 1_000_000, maxComplexity: 30, nulls: 99, seeds: 9, bootstraps: 10, islands: 8 },
  },
  estimate(options, threads) {
    const searches = 1 + searchCount(options);
    // Measured: 29 searches of 100 000 evaluations on 200 rows in 28 s; the budget is counted on up to 1000 rows.
    const rows = Math.min(1000, Math.max(100, rowsOf(options.data)));
    return {
      seconds: Math.ceil((searches * options.evaluations * rows * 5e-8) / Math.max(1, threads)) + 5,
      note: `${searches} searches of ${options.evaluations.toLocaleString("en")} evaluations`,
    };
  },
  run,
};

/** Lines of the file below its header; 0 where there is no such file, which the run itself complains of. */
function rowsOf(file: string): number {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return 0;
  return readFileSync(file).filter((byte) => byte === 10).length - 1;
}

const searchCount = ({ nulls, seeds, bootstraps, dummies }: Options) =>
  nulls + seeds + bootstraps + 2 + (dummies > 0 ? 1 : 0);

async function run(options: Options, context: StudyContext): Promise<StudyResult> {
  const { subject: read, notes } = readTable(options);
  checkSubject(read);
  checkVariables(read, options.evaluations);
  const subject: SymbolicSubject = { ...read, run: searchRunner(context, "discover") };
  const analysis = await analyseSymbolic(subject, options, {
    task: context.task,
    random: context.random.fork("discover"),
  });
  const findings = findingsOf(subject, analysis);
  findings.diagnostics.push(...notes.map(note));
  const claims = assembleReportClaims(findings.claims ?? []);
  const [claim] = claims;
  const front = analysis.choice.candidates.map(({ expression, complexity, loss }) => ({
    complexity,
    loss,
    formula: lawText(analysis, expression, "text", 17),
  }));
  const names = read.columns.map(({ name }) => name);
  return {
    asked: `Which short formula gives ${read.target.name} from ${names.join(", ")} in ${read.data}, and do the data support it?`,
    summary: [...findings.summary, `The card says: ${claim!.verdict.word}. ${claim!.verdict.reasons[0]}`],
    sections: [
      {
        ...emptyFindings(),
        title: "The data",
        asked: "Which columns take part, in which units and ranges?",
        tables: [columnsTable(read)],
      },
      { title: "Formulas", asked: symbolicLens.question, ...findings },
    ],
    claims,
    files: [
      { name: "front.json", bytes: new TextEncoder().encode(`${JSON.stringify(front, undefined, 2)}\n`) },
    ],
    provenance: [...(read.provenance ?? [])],
    citations: symbolicLens.citations,
  };
}

function columnsTable({ columns, target, provenance = [] }: SymbolicSubject): Table {
  const all = [target, ...columns];
  const range = (of: (...values: number[]) => number) =>
    all.map(({ values }) => Array.from(values).reduce((a, b) => of(a, b)));
  return {
    name: "columns",
    title: "Columns of the table",
    rows: all.length,
    provenance,
    columns: [
      textColumn(
        "column",
        all.map(({ name }) => name),
      ),
      textColumn(
        "role",
        all.map((column) => (column === target ? "target" : "variable")),
      ),
      textColumn(
        "unit",
        all.map(({ unit }) => unit ?? "none given"),
      ),
      numberColumn("least", "", range(Math.min)),
      numberColumn("most", "", range(Math.max)),
      textColumn(
        "errors",
        all.map(({ uncertainty }) => (uncertainty === undefined ? "" : "stated")),
      ),
    ],
  };
}
