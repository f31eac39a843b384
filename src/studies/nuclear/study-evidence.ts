import type { Leakage } from "../../claims/card.ts";
import { leakage } from "../../claims/evidence/leak.ts";
import type { StudyEvidence } from "../../lenses/embedding/helix-claim.ts";
import { derivableShare } from "../../physics/nuclear/leakage.ts";
import type { NuclearData } from "./data.ts";
import type { NuclearOptions } from "./params.ts";

/** Settings of learning rate, schedule and weight decay that were looked at when the preset was chosen (docs/nuclear.md). */
const settingsTried = 14;

/** The leak of the study's split, as every card states it. */
export function measuredLeak(data: NuclearData, options: NuclearOptions): Leakage {
  const { targets, split, tasks } = data;
  return leakage({
    split: options.split,
    measure: "held-out binding energies that follow from training values by mass arithmetic",
    share: derivableShare({
      entries: targets,
      split,
      isMass: (i) => tasks[targets[i]!.task]!.kind === "mass",
      isBinding: (i) => targets[i]!.task === 0,
    }),
  });
}

/** What the study knows of a claim about one network's embeddings. */
export function studyEvidence(
  data: NuclearData,
  options: NuclearOptions,
  context: { shown: number; chosenByHelix: boolean },
): StudyEvidence {
  const { width, depth, seeds, tasks } = options;
  return {
    about: {
      model: `token regressor, width ${width}, depth ${depth}, network ${context.shown} of ${seeds}`,
      data: `${tasks} of ${data.table.rows} nuclides (${data.source.name})`,
      seeds: [context.shown],
    },
    multiplicity: {
      configurations: context.chosenByHelix ? settingsTried : 1,
      what: context.chosenByHelix
        ? "settings of learning rate, schedule and decay looked at when the preset was chosen, by held-out error first and by how alike the helices are second"
        : "the preset was not chosen by this; a component is chosen anew in every null draw",
      tests: null,
      adjustedP: null,
    },
    leakage: measuredLeak(data, options),
  };
}
