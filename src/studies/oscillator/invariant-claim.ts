import { type EvidenceCard, notRun } from "../../claims/card.ts";
import type { ClaimOf } from "../../claims/claim.ts";
import { againstTruth, classicalBaseline, randomBaseline } from "../../claims/evidence/baselines.ts";
import { stabilityOf } from "../../claims/evidence/stability.ts";
import { nullTest } from "../../claims/nulls/null-test.ts";
import type { ClaimWithCard } from "../../claims/report-claims.ts";
import type { Random } from "../../core/random.ts";
import { evaluator } from "../../expressions/evaluator.ts";
import type { Expression } from "../../expressions/expression.ts";
import { print } from "../../expressions/print.ts";
import { gradientDisagreement } from "../../lenses/symbolic/distil/gradient-agreement.ts";
import { sparseInvariants } from "../../lenses/symbolic/sparse/invariants.ts";
import { polynomialLibrary } from "../../lenses/symbolic/sparse/library.ts";
import { alignmentThreshold, disc } from "./accept.ts";
import { type CellResult, problemFor } from "./cell-job.ts";
import { truthOf } from "./variants.ts";

type Concept = ClaimOf<"concept">;

const names = ["q", "p"];

/** A function of q and p as a concept at fixed points of the disc where the orbits are. */
function conceptOf(expression: Expression, noise: number): Concept {
  const { columns } = disc();
  const engine = evaluator(columns);
  const values = Array.from(engine.evaluate(expression).values);
  const [dq, dp] = engine.variableGradient(expression, [0, 1]).gradient.map((g) => Array.from(g));
  const text = print(expression, { names, digits: 4 });
  return {
    kind: "concept",
    id: "d.invariant",
    title: "What stays constant on each orbit",
    statement: `${text} stays constant on each orbit of the springs and differs between orbits.`,
    unit: "",
    subject: {
      model: "the data themselves",
      data: `25 noisy orbits of a spring with H = q² + p², σ = 0.1, noise level ${noise} added`,
      seeds: [],
    },
    inputs: names.map((name) => ({ name, unit: "", scale: 1 })),
    points: values.map((_, i) => `point ${i + 1}`),
    values,
    gradients: dq!.map((value, i) => [value, dp![i]!]),
    uncertainty: null,
  };
}

/** Mean |cos| with the gradient of q² + p² where no orbit was seen, 1 < r < 2. */
function alignmentOutside(expression: Expression): number {
  const { columns, gradients } = disc();
  const grow = (column: Float64Array) =>
    column.map((value, i) => {
      const r = Math.hypot(columns[0]![i]!, columns[1]![i]!);
      return (value / r) * (1 + (r - 0.1) / 0.9);
    });
  const outside = columns.map(grow);
  const { gradient, finite } = evaluator(outside).variableGradient(expression, [0, 1]);
  return finite ? 1 - gradientDisagreement(gradient, { gradients, scales: [1, 1] }) : 0;
}

/** The invariant that was found, as a claim with its card. */
export function invariantClaim(
  cells: readonly CellResult[],
  shuffled: readonly number[],
  random: Random,
): ClaimWithCard {
  const first = cells[0]!;
  const { noise, expression } = first;
  const claim = conceptOf(expression, noise);
  const truth = { ...conceptOf(truthOf("d"), noise), id: "truth" };
  const { columns, target } = problemFor("d", noise, first.seed);
  const library = polynomialLibrary(2, { degree: 2, constant: false });
  const linear = sparseInvariants(library, columns, target)[0]!;
  const classical = { ...conceptOf(linear.expression, noise), id: "null-space" };
  const versions = cells.map((cell, k) => ({ ...conceptOf(cell.expression, noise), id: `seed${k}` }));
  const loss = first.front[first.chosen]!.loss;
  const inside = 1 - first.judgement.measured["alignment"]!;
  const card: EvidenceCard = {
    null:
      shuffled.length === 0
        ? notRun("No reruns on shuffled orbits were asked for.")
        : [
            nullTest(
              1 - loss,
              Float64Array.from(shuffled, (value) => 1 - value),
              {
                name: "rows dealt out among the orbits",
                statistic: "1 − share of the variance of ranks that lies within orbits",
                cost: `${shuffled.length} draws, each the whole search at the same budget`,
                reference:
                  "Ojala & Garriga, J. Mach. Learn. Res. 11 (2010) 1833: permutation through the whole pipeline",
              },
            ),
          ],
    baselines: [
      randomBaseline(claim, truth, { against: "q² + p²", rounds: 199, random: random.fork("random claims") }),
      classicalBaseline(claim, classical, truth, {
        name: "most conserved quadratic form, an eigenvalue problem",
        against: "q² + p²",
      }),
    ],
    stability:
      versions.length < 2
        ? notRun("One data set was searched.")
        : [stabilityOf(versions, "data sets and search seeds")],
    faithfulness: notRun("The claim speaks of data; there is no network to take something away from."),
    truth: [
      againstTruth(claim, truth, {
        truth: "the energy q² + p² of the simulation",
        threshold: alignmentThreshold,
      }),
    ],
    outOfDistribution: [
      {
        parameter: "distance from the origin",
        heldOut: "radius from 1 to 2, where no orbit was seen",
        by: "agreement",
        measure: "alignment of gradients with q² + p²",
        unit: "",
        inside: 1 - inside,
        outside: alignmentOutside(expression),
      },
    ],
    multiplicity: {
      configurations: 1,
      what: "one search of fixed budget; every null draw searched and chose anew",
      tests: null,
      adjustedP: null,
    },
    leakage: notRun("The energy is no column; gradients are compared at points that are not in the data."),
  };
  return { claim, card };
}
