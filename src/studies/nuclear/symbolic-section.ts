import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import { selectRows } from "../../data/select.ts";
import { numberColumn, textColumn } from "../../data/table.ts";
import { operatorSet } from "../../expressions/operator.ts";
import { print } from "../../expressions/print.ts";
import { pickOperators } from "../../expressions/standard-operators.ts";
import { emptyFindings } from "../../lenses/contract.ts";
import { note, warning } from "../../lenses/diagnostic.ts";
import { decompose } from "../../lenses/features/decompose.ts";
import { type ComponentsDistilled, distilComponents } from "../../lenses/symbolic/distil/components.ts";
import { matrix } from "../../linalg/matrix.ts";
import { bindingData } from "../../physics/nuclear/baselines.ts";
import { equation5Binding, fitEquation5 } from "../../physics/nuclear/equation-5.ts";
import { massFormulas } from "../../physics/nuclear/liquid-drop.ts";
import type { Section } from "../contract.ts";
import { fitBaselines, rmsOver } from "./baselines.ts";
import { medianNetwork } from "./evaluate.ts";
import { featureSubject } from "./feature-subject.ts";
import type { AuditInput } from "./report-features.ts";
import { mev } from "./report-theory.ts";

const names = ["Z", "N"];
/** Components of the last layer that formulas are searched for. */
const components = 5;
const operators = operatorSet(
  pickOperators(["add", "sub", "mul", "div", "square", "sqrt", "cbrt", "exp", "sin"]),
);

/**
 * From the network to a formula, as in appendix G of the paper and on a split without leak: formulas for the first
 * components of the last layer, recombined for the binding energy on the training nuclei, judged on held-out nuclei
 * beside the liquid drop and equation 5, both fitted to the same training nuclei, and beside a search for the binding
 * energy itself at the budget of all components together.
 * @param options.evaluations budget of each component's search.
 */
export async function symbolicSection(
  input: Pick<AuditInput, "data" | "model" | "networks" | "evaluation" | "predictor" | "references">,
  options: { evaluations: number; threads: number; task: Task; random: Random },
): Promise<Section> {
  const { networks, evaluation } = input;
  const { evaluations, threads, task, random } = options;
  const shown = medianNetwork(evaluation);
  const judged = Int32Array.from([...evaluation.training, ...evaluation.validation]).sort();
  const training = new Set(evaluation.training);
  const train = Array.from(judged.keys()).filter((i) => training.has(judged[i]!));
  const subject = await featureSubject({ ...input, network: networks[shown]!, judged });
  const { contributions } = decompose(subject, components);
  const n = judged.length;
  const split = matrix(n, components);
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < components; c++) split.data[i * components + c] = contributions.data[c * n + i]!;
  }
  const columns = [subject.y.values, subject.x.values].map((values) => Float64Array.from(values));
  const target = Float64Array.from(subject.target);
  const shared = { columns, names, target, train };
  const how = { operators, maxComplexity: 20, threads, seed: random.int(2 ** 31 - 1) };
  const found = await distilComponents(
    { ...shared, components: split },
    { ...how, evaluations, task: task.part(0, 0.6, "formulas of components") },
  );
  const direct = await distilComponents(
    { ...shared, components: matrix(n, 1, target) },
    { ...how, evaluations: components * evaluations, task: task.part(0.6, 1, "a formula for the energy") },
  );
  return sectionOf(input, { found, direct, shown });
}

function sectionOf(
  { data, evaluation }: Pick<AuditInput, "data" | "evaluation">,
  { found, direct, shown }: { found: ComponentsDistilled; direct: ComponentsDistilled; shown: number },
): Section {
  const findings = emptyFindings();
  const { chart } = data;
  const { training, validation } = evaluation;
  const on = (predicted: Float64Array) => ({
    train: rmsOver(chart, predicted, training),
    heldOut: rmsOver(chart, predicted, validation),
  });
  const all = bindingData(chart);
  const five = fitEquation5(bindingData(selectRows(chart, training)));
  const keV = ({ rms }: ComponentsDistilled) => ({ train: 1000 * rms.train, heldOut: 1000 * rms.heldOut });
  const { refitted } = found;
  const rows = [
    {
      name: `the same forms, ${refitted.constants} constants refitted`,
      fitted: refitted.constants,
      train: 1000 * refitted.rms.train,
      heldOut: 1000 * refitted.rms.heldOut,
    },
    {
      name: `components of network ${shown}, recombined`,
      fitted: found.fit.coefficients.length,
      ...keV(found),
    },
    { name: "search for the energy itself", fitted: direct.fit.coefficients.length, ...keV(direct) },
    { name: "equation 5, refitted", fitted: 3, ...on(equation5Binding(all, five.coefficients)) },
    ...fitBaselines(data).map(({ name, fit, fitted }) => ({
      name: `${massFormulas[name].title}, fitted`,
      fitted: fit.coefficients.length,
      ...on(fitted),
    })),
    { name: `network ${shown} itself`, fitted: Number.NaN, ...on(evaluation.networks[shown]!) },
  ].sort((a, b) => a.heldOut - b.heldOut);
  const of = (name: string) => rows.find((row) => row.name.startsWith(name))!.heldOut;
  findings.metrics["symbolic.components.rms_keV"] = 1000 * found.rms.heldOut;
  findings.metrics["symbolic.components.train_rms_keV"] = 1000 * found.rms.train;
  findings.metrics["symbolic.refitted.rms_keV"] = 1000 * refitted.rms.heldOut;
  findings.metrics["symbolic.direct.rms_keV"] = 1000 * direct.rms.heldOut;
  findings.metrics["symbolic.equation5.rms_keV"] = of("equation 5");
  findings.metrics["symbolic.semf.rms_keV"] = of(massFormulas.semf.title);
  const text = (expression: Parameters<typeof print>[0], language: "text" | "latex" = "text") =>
    print(expression, { names, digits: 4, language });
  findings.tables.push(
    {
      name: "symbolic-comparison",
      title: "Formulas for the binding energy on nuclei held out",
      rows: rows.length,
      provenance: data.source.provenance,
      columns: [
        textColumn(
          "formula",
          rows.map(({ name }) => name),
        ),
        numberColumn(
          "coefficients",
          "",
          rows.map(({ fitted }) => fitted),
          { help: "fitted to the energies in the last step" },
        ),
        numberColumn(
          "train",
          "keV",
          rows.map(({ train }) => train),
          { help: "RMS error on training nuclei" },
        ),
        numberColumn(
          "held out",
          "keV",
          rows.map(({ heldOut }) => heldOut),
          { help: "RMS error on held-out nuclei" },
        ),
      ],
    },
    {
      name: "symbolic-components",
      title: "Formulas of the last layer's components",
      rows: found.formulas.length,
      provenance: data.source.provenance,
      columns: [
        numberColumn(
          "component",
          "",
          found.formulas.map((_, c) => c + 1),
        ),
        numberColumn(
          "complexity",
          "",
          found.formulas.map(({ complexity }) => complexity),
        ),
        numberColumn(
          "left",
          "",
          found.formulas.map(({ left }) => left),
          {
            help: "share of the component's variance that the formula leaves on held-out nuclei",
          },
        ),
        textColumn(
          "formula",
          found.formulas.map(({ expression }) => text(expression)),
        ),
      ],
    },
  );
  findings.formulas.push({
    label: "Binding energy (MeV) from the components' formulas",
    tex: text(found.expression, "latex"),
  });
  if (data.tasks.length > 1) {
    findings.diagnostics.push(
      warning(
        "The network learned several tasks: separation energies of training nuclei give binding energies of held-out ones away. Held-out errors of the network, and of formulas read off it, are free of leaks only with the one task binding.",
      ),
    );
  }
  findings.diagnostics.push(
    note(
      "Formulas use Z and N through sums, products, powers, exponentials and sines; parity is none of them, so that pairing, a term of the liquid drop, cannot be written.",
    ),
  );
  const better = of("components") < of(massFormulas.semf.title) ? "less" : "more";
  findings.summary.push(
    `Formulas of the last layer's first ${components} components, recombined, miss held-out nuclei by ${mev(1000 * found.rms.heldOut)}, ${better} than the fitted semi-empirical formula (${mev(of(massFormulas.semf.title))}); with all ${refitted.constants} constants of these forms refitted ${mev(1000 * refitted.rms.heldOut)}; equation 5, refitted: ${mev(of("equation 5"))}; a search for the energy itself: ${mev(1000 * direct.rms.heldOut)}.`,
  );
  return {
    ...findings,
    title: "A formula out of the network",
    asked:
      "Formulas for the components of the last layer, recombined for the binding energy: where do they stand on nuclei that neither the network nor the fit has seen?",
  };
}
