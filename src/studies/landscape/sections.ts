import type { Findings } from "../../lenses/contract.ts";
import { emptyFindings } from "../../lenses/contract.ts";
import { note, warning } from "../../lenses/diagnostic.ts";
import { nature } from "../../lenses/landscape/about.ts";
import { choiceNames, weightChoices } from "../../lenses/landscape/conserved/permutation-controls.ts";
import { permutationOf } from "../../lenses/landscape/draw.ts";
import { permutationTestFigure } from "../../lenses/landscape/figures/permutation-test-figure.ts";
import { landscapeFindings } from "../../lenses/landscape/findings.ts";
import type { Section, StudyContext } from "../contract.ts";
import type { SeedResult } from "./classifier-study.ts";
import type { StudyOptions } from "./params.ts";
import { overSeeds, reproductionTargets, targetMetrics, targetTable } from "./targets.ts";

/** The figures that seeds after the first still show. */
const kept = /-(disconnectivity|shuffled-weights)$/;

/** A section of the report for each seed; the first one with everything. */
export function seedSections(results: readonly SeedResult[]): Section[] {
  return results.map(({ seed, subject, analysis, options, random }) => {
    const findings = landscapeFindings(subject, analysis, options, { random });
    const shown: Findings =
      seed === 0
        ? findings
        : { ...findings, formulas: [], figures: findings.figures.filter(({ name }) => kept.test(name)) };
    return { title: `The landscape of ${subject.title}`, asked: nature.question, ...shown };
  });
}

/** What holds over all seeds: means, the permutation tests side by side, and the reproduction targets. */
export function overSeedsSection(
  results: readonly SeedResult[],
  options: StudyOptions,
  { random }: Pick<StudyContext, "random">,
): Section {
  const judged = results.filter(({ analysis }) => analysis.look !== undefined);
  const looks = judged.map(({ analysis }) => analysis.look!);
  const relevant = results[0]!.data.part.relevant;
  const reproduced = options.data === "" && options.system === "six-features" && relevant !== undefined;
  const targets = reproduced ? reproductionTargets(looks, relevant, random.fork("targets")) : [];
  const metrics: Record<string, number> = {};
  for (const [name, value] of Object.entries({ ...overSeeds(looks, relevant), ...targetMetrics(targets) })) {
    metrics[`landscape.${name}`] = value;
  }
  const missed = results.length - judged.length;
  const section: Section = {
    ...emptyFindings(),
    title: "Over all seeds",
    asked: "Do the weights that a group of minima conserves drive the decisions, more than other weights do?",
    metrics,
    tables: targets.length > 0 ? [targetTable(targets, looks.length)] : [],
    diagnostics: [
      ...(missed > 0
        ? [
            warning(
              `${missed} of ${results.length} seeds have groups of fewer than ${options.least} minima after ${options.growths} continuations of the search; they take no part. Raise --growths or --walkers, or lower --lambda.`,
            ),
          ]
        : []),
      ...(looks.length > 0 && looks.length < 10 && reproduced
        ? [
            note(
              `The targets are meant for ten seeds; shares and intervals over ${looks.length} say little. --preset full runs ten.`,
            ),
          ]
        : []),
    ],
    summary: summary(looks, targets, metrics),
  };
  if (looks.length > 0) {
    section.figures.push(
      permutationTestFigure({
        name: "landscape-permutation-tests",
        title: `Permutation tests of ${looks.length} seed${looks.length === 1 ? "" : "s"}`,
        caption:
          "Held-out AUC after the values of as many input weights were shuffled among themselves, by how the weights were chosen.",
        tests: judged.map(({ seed, analysis }) => permutationOf(analysis.look!, `seed ${seed}`)),
      }),
    );
  }
  return section;
}

function summary(
  looks: readonly unknown[],
  targets: ReturnType<typeof reproductionTargets>,
  metrics: Readonly<Record<string, number>>,
): string[] {
  if (looks.length === 0)
    return ["No seed has a group of minima large enough to say anything of its weights."];
  const say = (name: string) => metrics[`landscape.${name}`]!.toFixed(3);
  const others = weightChoices
    .filter((choice) => ["magnitude", "gradient", "rawvariance", "unaligned"].includes(choice))
    .map((choice) => `${choiceNames[choice]} ${say(`auc.${choice}`)}`);
  const met = targets.filter((target) => target.met).length;
  const rows = [...new Set(targets.filter((target) => !target.met).map(({ row }) => row))];
  return [
    `Over ${looks.length} seed${looks.length === 1 ? "" : "s"} shuffling the conserved input weights lowers the held-out AUC from ${say("auc.base")} to ${say("auc.lowcv")}; random sets of as many weights leave ${say("auc.random")}, ${others.join(", ")}.`,
    ...(targets.length > 0
      ? [
          `${met} of the ${targets.length} lines that were to be shown are met${rows.length > 0 ? `; not met: row${rows.length === 1 ? "" : "s"} ${rows.join(", ")}` : ""}.`,
        ]
      : []),
  ];
}
