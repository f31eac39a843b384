import { numberColumn, type Table, textColumn } from "../../data/table.ts";
import type { RelevanceAnalysis } from "./analysis.ts";
import { forceByOrder } from "./gradients-look.ts";
import type { RelevanceSubject } from "./subject.ts";

/** Energy by order: relevance, exact expansion and law side by side, with errors over frames. */
export function ordersTable(subject: RelevanceSubject, { main }: RelevanceAnalysis): Table {
  const orders = ["one (gauge)", "two", "three", "more"];
  const { relevance, branching, vacuum, truth } = main.totals;
  const column = (name: string, totals: typeof relevance) =>
    numberColumn(name, "kcal/mol", totals.value, {
      uncertainty: Float64Array.from(totals.error),
      help: "per bead, mean over frames",
    });
  return {
    name: `${subject.id}-energy-by-order`,
    title: `Energy per bead by order, ${subject.title}`,
    rows: 4,
    columns: [
      textColumn("bodies", orders),
      column("relevance", relevance),
      ...(branching ? [column("relevance by trees", branching)] : []),
      column("exact expansion in vacuum", vacuum),
      ...(truth ? [column("known law", truth)] : []),
    ],
    provenance: subject.provenance ?? [],
  };
}

/** Forces and pressure of one frame by order, from relevance, exact expansion and law. */
export function gradientsTable(
  subject: RelevanceSubject,
  { gradients }: Pick<RelevanceAnalysis, "gradients">,
): Table {
  const { sources, beads, number } = gradients;
  const words = { relevance: "relevance", vacuum: "exact expansion", truth: "known law" } as const;
  return {
    name: `${subject.id}-forces-by-order`,
    title: `Forces of ${beads.length} beads and pressure by order, frame ${number} of ${subject.title}`,
    rows: 4,
    columns: [
      textColumn("bodies", ["one", "two", "three", "more"]),
      ...sources.flatMap(({ by, gradients: of, pressure }) => [
        ...(beads.length > 0
          ? [
              numberColumn(`force, ${words[by]}`, "kcal/mol/Å", forceByOrder(of), {
                help: "root mean square over beads and components",
              }),
            ]
          : []),
        ...(pressure
          ? [numberColumn(`pressure, ${words[by]}`, "atm", pressure, { help: "without the kinetic part" })]
          : []),
      ]),
    ],
    provenance: subject.provenance ?? [],
  };
}

/** Correlations term by term with their intervals. */
export function correlationTable(subject: RelevanceSubject, { main }: RelevanceAnalysis): Table {
  const words: Record<string, string> = {
    R: "relevance",
    B: "relevance by trees",
    V: "exact term in vacuum",
    context: "exact term among others",
    truth: "known law",
  };
  const rows = Object.entries(main.correlations).map(([name, found]) => {
    const [a = "", b = ""] = name.split("_");
    const letter = (part: string) => words[part] ?? words[part[0]!] ?? part;
    return { bodies: a.slice(1), one: letter(a), other: letter(b), ...found };
  });
  return {
    name: `${subject.id}-correlations`,
    title: `Correlations term by term, ${subject.title}`,
    rows: rows.length,
    columns: [
      textColumn(
        "bodies",
        rows.map((row) => row.bodies),
      ),
      textColumn(
        "of",
        rows.map((row) => row.one),
      ),
      textColumn(
        "with",
        rows.map((row) => row.other),
      ),
      numberColumn(
        "correlation",
        "",
        rows.map((row) => row.value),
      ),
      numberColumn(
        "low",
        "",
        rows.map((row) => row.low),
        { help: "2.5 % of whole frames drawn again" },
      ),
      numberColumn(
        "high",
        "",
        rows.map((row) => row.high),
        { help: "97.5 %" },
      ),
      numberColumn(
        "slope",
        "",
        rows.map((row) => row.slope.value),
        { help: "of the first on the second; 1 for equal sizes" },
      ),
      numberColumn(
        "terms",
        "",
        rows.map((row) => row.count),
      ),
    ],
    provenance: subject.provenance ?? [],
  };
}
