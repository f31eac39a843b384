import { numberColumn, textColumn } from "../../data/table.ts";
import { emptyFindings } from "../../lenses/contract.ts";
import { note } from "../../lenses/diagnostic.ts";
import { median } from "../../stats/quantile.ts";
import type { Section } from "../contract.ts";
import { multitaskOptions } from "./comparison.ts";
import type { NuclearData } from "./data.ts";
import { type MultitaskResult, multitaskFraction } from "./multitask.ts";
import type { NuclearOptions } from "./params.ts";

/** The part of the report on learning several observables together: errors beside single-task twins, and structure. */
export function multitaskSection(
  data: NuclearData,
  result: MultitaskResult | undefined,
  options: NuclearOptions,
): Section {
  const findings = emptyFindings();
  const section = {
    title: "Several tasks together",
    asked: "Does learning several observables together help, or does it only let held-out masses in?",
    ...findings,
  };
  if (!result) {
    findings.diagnostics.push(note("Not run (--multitask true runs it; the presets do)."));
    return section;
  }
  const { provenance } = data.source;
  for (const { split, task, unit, together, alone } of result.tasks) {
    findings.metrics[`multitask.${split}.${task}.together_rms_${unit}`] = together;
    findings.metrics[`multitask.${split}.${task}.alone_rms_${unit}`] = alone;
    findings.metrics[`multitask.${split}.${task}.ratio`] = alone / together;
  }
  const names = Object.keys(Object.values(result.splits)[0]!.structure);
  for (const [split, { structure, derivable }] of Object.entries(result.splits)) {
    findings.metrics[`multitask.${split}.derivable_share`] = derivable;
    for (const name of names) findings.metrics[`multitask.${split}.${name}`] = structure[name]!;
  }
  const { tasks } = result;
  const count = new Set(tasks.map(({ task }) => task)).size;
  findings.tables.push({
    name: "multitask-errors",
    title: `Held-out errors, all ${count} tasks together and each alone, ${100 * multitaskFraction} % training`,
    rows: tasks.length,
    provenance,
    columns: [
      textColumn(
        "split",
        tasks.map(({ split }) => (split === "random" ? "rows (the paper's)" : "nuclei, leak-free")),
      ),
      textColumn(
        "task",
        tasks.map(({ task }) => task),
      ),
      textColumn(
        "unit",
        tasks.map(({ unit }) => unit),
        "of the two errors",
      ),
      numberColumn(
        "held_out",
        "",
        tasks.map(({ heldOut }) => heldOut),
      ),
      numberColumn(
        "together",
        "",
        tasks.map(({ together }) => together),
        { help: "RMS error of the network of all tasks" },
      ),
      numberColumn(
        "alone",
        "",
        tasks.map(({ alone }) => alone),
        { help: "RMS error of the network of this task" },
      ),
      numberColumn(
        "ratio",
        "",
        tasks.map(({ together, alone }) => alone / together),
        { help: "alone/together: above 1, learning together helps" },
      ),
    ],
  });
  const rows = [
    ...Object.entries(result.splits).map(([split, { structure }]) => ({ split, task: "all", structure })),
    ...tasks,
  ];
  findings.tables.push({
    name: "multitask-structure",
    title: "Which task makes which structure",
    rows: rows.length,
    provenance,
    columns: [
      textColumn(
        "split",
        rows.map(({ split }) => split),
      ),
      textColumn(
        "task",
        rows.map(({ task }) => task),
      ),
      ...names.map((name) =>
        numberColumn(
          name,
          "",
          rows.map(({ structure }) => structure[name]!),
        ),
      ),
    ],
  });
  const { comparisonWidth, comparisonEpochs, comparisonRate, batch } = multitaskOptions(options);
  const steps = comparisonEpochs * (batch > 1 ? 1 : Math.floor(1 / batch));
  findings.diagnostics.push(
    note(
      `One network each, of width ${comparisonWidth}, ${comparisonEpochs} epochs${batch > 1 ? "" : `, about ${steps} steps`} at a learning rate of ${comparisonRate}${comparisonWidth < options.width ? `, beside ${options.width} and ${options.epochs} epochs of the study's own networks` : ""}. All take equally many steps, so that what a network of one task has not learned in them counts against it: the ratio compares what as many steps bring, not what training without end would. A ratio near 1 may be the random start's doing.`,
    ),
  );
  const ratio = (kind: string) =>
    median(tasks.filter(({ split }) => split === kind).map(({ alone, together }) => alone / together));
  const share = (kind: string) => `${(100 * result.splits[kind]!.derivable).toFixed(1)} %`;
  findings.summary.push(
    `Learning ${count} observables together divides the held-out error by ${ratio("random").toFixed(2)} on the paper's split, where ${share("random")} of the held-out masses follow from training values, and by ${ratio("nuclei").toFixed(2)} on the leak-free split (medians over the observables; one network each, width ${comparisonWidth}, ${comparisonEpochs} epochs).`,
    ...structureSentence(result),
  );
  return section;
}

/** Which task alone makes the most of each structure, on the leak-free split; nothing where no task was learned there. */
function structureSentence({ tasks, splits }: MultitaskResult): string[] {
  const own = tasks.filter(({ split }) => split === "nuclei");
  const all = splits["nuclei"]?.structure;
  if (own.length === 0 || !all) return [];
  const most = (name: string) => {
    const best = own.reduce((a, b) => (b.structure[name]! > a.structure[name]! ? b : a));
    return `is largest for ${best.task} (${best.structure[name]!.toFixed(2)}; all together ${all[name]!.toFixed(2)})`;
  };
  return [
    `Which task makes which structure, on the leak-free split: of the networks of one task the orderedness of N ${most("ordering.N")}, of Z ${most("ordering.Z")}; the parity ratio of N ${most("parity.N")}, of Z ${most("parity.Z")}.`,
  ];
}
