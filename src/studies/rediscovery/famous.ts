import type { ClaimWithCard } from "../../claims/report-claims.ts";
import { defaults } from "../../core/params.ts";
import { numbers, type Table } from "../../data/table.ts";
import { skeleton } from "../../expressions/canonical.ts";
import { constantsOf } from "../../expressions/expression.ts";
import { operatorSet } from "../../expressions/operator.ts";
import { parse } from "../../expressions/parse.ts";
import { print } from "../../expressions/print.ts";
import { pickOperators } from "../../expressions/standard-operators.ts";
import { note } from "../../lenses/diagnostic.ts";
import { analyseSymbolic } from "../../lenses/symbolic/analyse.ts";
import { exhaustiveSearch } from "../../lenses/symbolic/exhaustive/search.ts";
import { findingsOf } from "../../lenses/symbolic/findings.ts";
import { symbolicLens } from "../../lenses/symbolic/lens.ts";
import type { SymbolicSubject } from "../../lenses/symbolic/subject.ts";
import { bodePlanets, keplerPlanets } from "../../physics/famous/measured.ts";
import type { Section, StudyContext } from "../contract.ts";
import { searchRunner } from "../symbolic/search-runner.ts";
import { bodeFigure } from "./figure-bode.ts";
import type { RediscoveryOptions } from "./params.ts";

interface Famous {
  id: string;
  title: string;
  table: Table;
  input: string;
  target: string;
  /** The law with any constants: what a formula is compared with by its skeleton. */
  law: string;
  lawText: string;
  /** Operators of the exhaustive search. */
  small: readonly string[];
  /** Nodes of the exhaustive search. */
  most: number;
  /** One standard deviation of the target as a share of it, where the law was only ever held to hold so well. */
  relative?: number;
}

const laws: readonly Famous[] = [
  {
    id: "kepler",
    title: "Kepler's third law from six planets",
    table: keplerPlanets,
    input: "a",
    target: "P",
    law: "365.3*a^1.5",
    lawText: "P = c·a^(3/2)",
    small: ["add", "sub", "mul", "div", "sqrt", "square", "cube"],
    most: 6,
  },
  {
    id: "bode",
    title: "The rule of Titius and Bode from eight distances",
    table: bodePlanets,
    input: "n",
    target: "a",
    law: "0.41 + 0.31*exp(0.69*n)",
    lawText: "a = 0.4 + 0.3·2ⁿ",
    small: ["add", "mul", "pow"],
    most: 7,
    // Alike for all planets: without errors least squares looks at the outermost alone.
    relative: 0.05,
  },
];

/** Famous laws from a handful of points, with cards that say what so few can carry. */
export async function famousSections(
  { nulls, evaluations }: RediscoveryOptions,
  context: StudyContext,
): Promise<{ sections: Section[]; claims: ClaimWithCard[] }> {
  const sections: Section[] = [];
  const claims: ClaimWithCard[] = [];
  for (const [k, law] of laws.entries()) {
    const { id, title, table, input, target } = law;
    const [x, y] = [numbers(table, input), numbers(table, target)];
    const uncertainty = law.relative && Float64Array.from(y.values, (value) => law.relative! * value);
    const subject: SymbolicSubject = {
      columns: [{ name: input, values: x.values }],
      target: { name: target, values: y.values, ...(uncertainty ? { uncertainty } : {}) },
      ...{ data: `${title}, ${table.rows} points`, id, provenance: table.provenance },
      run: searchRunner(context, id),
    };
    const options = {
      ...defaults(symbolicLens.params),
      evaluations: Math.min(20_000, evaluations),
      maxComplexity: 10,
      dummies: 0,
      nulls,
    };
    const task = context.task.part(k / laws.length, (k + 1) / laws.length, title);
    const analysis = await analyseSymbolic(subject, options, {
      task,
      random: context.random.fork("famous", id),
    });
    const findings = findingsOf(subject, analysis);
    const wanted = skeleton(parse(law.law, { names: [input] }));
    const isLaw = (expression: Parameters<typeof skeleton>[0]) => skeleton(expression) === wanted;
    const { candidates, chosen } = analysis.choice;
    const onFront = candidates.find(({ expression }) => isLaw(expression));
    const small = exhaustiveSearch(
      {
        columns: [x.values],
        names: [input],
        target: y.values,
        ...(uncertainty ? { weights: uncertainty.map((sigma) => 1 / sigma ** 2) } : {}),
      },
      {
        operators: operatorSet(pickOperators([...law.small])),
        maxComplexity: law.most,
        random: context.random.fork("exhaustive", id),
      },
    );
    const best = small.front.at(-1)!;
    findings.metrics[`famous.${id}.on_front`] = onFront ? 1 : 0;
    findings.metrics[`famous.${id}.chosen`] = isLaw(candidates[chosen]!.expression) ? 1 : 0;
    findings.metrics[`famous.${id}.exhaustive_best`] = isLaw(best.expression) ? 1 : 0;
    findings.metrics[`famous.${id}.exhaustive_tried`] = small.all.length;
    const text = (expression: Parameters<typeof print>[0]) =>
      print(expression, { names: [input], digits: 4 });
    findings.diagnostics.push(
      note(
        `All ${small.all.length} distinct expressions of up to ${law.most} nodes with ${law.small.join(", ")} were fitted, too: the best is ${text(best.expression)}, with ${constantsOf(best.expression).length} constants on ${table.rows} points.`,
      ),
    );
    findings.summary.unshift(
      `${law.lawText}: ${onFront ? `on the front as ${text(onFront.expression)}` : "not on the front"}, ${isLaw(candidates[chosen]!.expression) ? "and chosen" : `but ${text(candidates[chosen]!.expression)} is chosen`}; best of all ${small.all.length} small expressions: ${text(best.expression)}.`,
    );
    if (id === "bode") {
      // On a linear axis n = −1000 leaves no room for the other seven.
      const figures = findings.figures.filter(({ name }) => name !== "bode-fit" && name !== "bode-residuals");
      const { expression } = candidates[chosen]!;
      const drawn = [{ label: `chosen: ${text(expression)}`, expression }];
      if (onFront && onFront.expression !== expression) {
        drawn.push({ label: `on the front: ${text(onFront.expression)}`, expression: onFront.expression });
      }
      findings.figures = [...figures, bodeFigure(drawn)];
    }
    sections.push({
      ...findings,
      title,
      asked: `Is ${law.lawText} found in ${table.rows} points, and what can ${table.rows} points carry?`,
    });
    claims.push(...(findings.claims ?? []));
  }
  return { sections, claims };
}
