import { numberColumn, numbers, type Table, textColumn } from "../../data/table.ts";
import { emptyFindings } from "../../lenses/contract.ts";
import { note, warning } from "../../lenses/diagnostic.ts";
import { derivableShare } from "../../physics/nuclear/leakage.ts";
import type { Section } from "../contract.ts";
import type { NuclearData } from "./data.ts";
import type { NuclearOptions } from "./params.ts";

/** The part of the report on data and split. */
export function dataSection(data: NuclearData, options: NuclearOptions): Section {
  const { source, chart, table, tasks, targets, samples, split, validation } = data;
  const findings = emptyFindings();
  const measured = numbers(source, "measured").values;
  const asked = split.validation.length;
  const leak = derivableShare({
    entries: targets,
    split,
    isMass: (i) => tasks[targets[i]!.task]!.kind === "mass",
    isBinding: (i) => targets[i]!.task === 0,
  });
  findings.metrics = {
    "data.nuclides": source.rows,
    "data.measured": measured.filter((flag) => flag === 1).length,
    "data.chart": chart.rows,
    "data.used": table.rows,
    "data.targets": targets.length,
    "split.train": split.train.length,
    "split.validation": validation.length,
    "split.dropped": split.dropped.length,
    "split.derivable_share": leak,
  };
  if (validation.length < asked) {
    findings.diagnostics.push(
      note(
        `${asked - validation.length} of ${asked} held-out values are left out of all errors, the formulas' too: their Z or N never occurs in training, so the network has nothing to say about them.`,
      ),
    );
  }
  if (leak > 0) {
    findings.diagnostics.push(
      warning(
        `${(100 * leak).toFixed(1)} % of the held-out binding energies follow from training values by mass arithmetic: errors on them say little about learning. The split 'nuclei' has no such leak.`,
      ),
    );
  }
  if (options.scaling === "whole-table") {
    findings.diagnostics.push(
      warning("Targets are scaled by least and greatest values of the whole table, held-out ones included."),
    );
  }
  const cut = `Z ≥ ${options.minZ} and N ≥ ${options.minN}${options.nuclides === "measured" ? ", measured" : ""}`;
  findings.summary.push(
    `${source.rows} nuclides in ${source.name}, ${table.rows} of them used (${cut}); ${split.train.length} values train and ${validation.length} are held out.`,
  );
  const per = (rows: Int32Array, task: number) => rows.filter((i) => samples.task[i] === task).length;
  findings.tables.push(targetTable(data, per));
  return {
    title: "Data and split",
    asked: "What does the network learn from, and what is kept from it?",
    ...findings,
  };
}

function targetTable(data: NuclearData, per: (rows: Int32Array, task: number) => number): Table {
  const { tasks, targets, split, validation } = data;
  const count = (f: (task: number) => number) => tasks.map((_, task) => f(task));
  return {
    name: "targets",
    rows: tasks.length,
    provenance: data.source.provenance,
    columns: [
      textColumn(
        "target",
        tasks.map(({ name }) => name),
      ),
      textColumn(
        "what",
        tasks.map(({ help }) => help),
      ),
      textColumn(
        "unit",
        tasks.map(({ unit }) => unit),
      ),
      numberColumn(
        "values",
        "",
        count((task) => targets.filter((t) => t.task === task).length),
      ),
      numberColumn(
        "training",
        "",
        count((task) => per(split.train, task)),
      ),
      numberColumn(
        "held out",
        "",
        count((task) => per(validation, task)),
      ),
      numberColumn(
        "dropped",
        "",
        count((task) => per(split.dropped, task)),
        { help: "training values that contain a held-out mass" },
      ),
    ],
  };
}
