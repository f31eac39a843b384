import type { CurvatureSubject, TestSet } from "../../lenses/curvature/subject.ts";
import type { Objective } from "../../models/objective/contract.ts";
import type { LabelledSet, PhasesData } from "./data.ts";
import { pointsOf } from "./data.ts";
import type { TrainedNetwork } from "./network-job.ts";

/** Where the transition is known to be: V1 = J on V2 = 0, by the Bethe ansatz of the XXZ ring. */
export const exactTransition = 1;

/** A trained network with its data, as the curvature lens takes it. */
export function phasesSubject(options: {
  id: string;
  title: string;
  data: PhasesData;
  train: LabelledSet;
  network: TrainedNetwork;
  objective: Objective;
  tests: TestSet[];
  trained?: CurvatureSubject["trained"];
}): CurvatureSubject {
  const { id, title, data, train, network, objective, tests, trained } = options;
  const { axis, cut, scan } = data;
  const last = cut.criteria.at(-1)!;
  return {
    id,
    title,
    about: {
      model: objective.name,
      data: `${train.set.count} ground states of the ring of ${train.set.L} sites, ${cut.name}`,
      seeds: [network.seed],
    },
    source: { kind: "model", objective, parameters: network.parameters },
    axis,
    train: pointsOf(train, axis),
    tests,
    classes: data.classes,
    known: {
      label: `Order parameter of ${last.class}`,
      control: scan.set.control,
      values: scan.set.orderParameters[last.class]!,
    },
    ...(data.cutName === "cdw1" ? { marks: [{ at: exactTransition, label: "exact transition" }] } : {}),
    ...(trained ? { trained } : {}),
  };
}
