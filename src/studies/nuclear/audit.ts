import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import type { Section, StudyContext } from "../contract.ts";
import type { NuclearData } from "./data.ts";
import type { Evaluation } from "./evaluate.ts";
import { trainGeneralisation } from "./generalisation.ts";
import { trainMultitask } from "./multitask.ts";
import type { NuclearOptions } from "./params.ts";
import { scoreReferee } from "./referee.ts";
import { equation5Section } from "./report-equation5.ts";
import { futureSection } from "./report-future.ts";
import { generalisationSection } from "./report-generalisation.ts";
import { leakSection } from "./report-leak.ts";
import { multitaskSection } from "./report-multitask.ts";
import { refereeSection } from "./report-referee.ts";
import { weightDecaySection } from "./report-weight-decay.ts";
import { trainWeightDecays } from "./weight-decay.ts";

/** The parts of the report that hold the networks against what else there is: baselines, equation 5, later data, leaks. */
export async function auditSections(
  data: NuclearData,
  evaluation: Evaluation,
  options: NuclearOptions,
  context: Pick<StudyContext, "checkpoints" | "threads"> & { task: Task; random: Random },
): Promise<Section[]> {
  const { task, random } = context;
  const referee = await scoreReferee(data, options, {
    ...context,
    task: task.part(0, 0.4, "baselines"),
    random: random.fork("referee"),
  });
  const share = options.multitask ? 0.2 : 0.4;
  const runs = await trainGeneralisation(options, {
    ...context,
    task: task.part(0.4, 0.4 + share, "networks that see less"),
    random: random.fork("generalisation"),
  });
  const multitask = options.multitask
    ? await trainMultitask(options, {
        ...context,
        task: task.part(0.6, 0.8, "several tasks"),
        random: random.fork("multitask"),
      })
    : undefined;
  const decays = await trainWeightDecays(data, options, {
    ...context,
    task: task.part(0.8, 0.9, "weight decays"),
    random: random.fork("weight decay"),
  });
  return [
    refereeSection(data, evaluation, referee),
    await equation5Section(data, options),
    futureSection(data, evaluation, referee, options),
    await leakSection(data, options, { random, task: task.part(0.9, 1, "the leak") }),
    generalisationSection(data, runs, options),
    multitaskSection(data, multitask, options),
    weightDecaySection(data, decays, options),
  ];
}
