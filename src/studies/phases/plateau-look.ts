import type { ClaimWithCard } from "../../claims/report-claims.ts";
import type { Random } from "../../core/random.ts";
import type { Task } from "../../core/task.ts";
import type { StudyContext } from "../contract.ts";
import { predictAlong } from "./boundary.ts";
import { type PhasesData, testSetOf } from "./data.ts";
import { type Look, lensOptions, lookAt } from "./look.ts";
import { objectiveOf } from "./network-job.ts";
import type { PhasesOptions } from "./params.ts";
import type { PlateauNetwork } from "./plateaus.ts";
import { phasesSubject } from "./subject.ts";

/**
 * The three answers of a network that saw only the plateaus. Everything between them counts as outside of its training
 * data, so that the extrapolation score can be held against what is known.
 */
export async function lookAtPlateau(
  data: PhasesData,
  networks: readonly PlateauNetwork[],
  options: PhasesOptions,
  context: Pick<StudyContext, "threads"> & { task: Task; random: Random },
): Promise<Look & { claims: ClaimWithCard[] }> {
  const { set, network } = networks[0]!;
  const { recipe, stretches } = set;
  const inside = (at: number) => stretches.some(([from, to]) => at >= from && at <= to);
  const { control } = data.even.set;
  const objective = objectiveOf(recipe, { threads: options.operationThreads });
  const subject = phasesSubject({
    id: "plateau",
    title: "the plateau net",
    data,
    train: set.train,
    network,
    objective,
    tests: [testSetOf(data.even, data.axis, { outside: Array.from(control, (at) => !inside(at)) })],
    trained: stretches,
  });
  const look = await lookAt(
    subject,
    recipe,
    { ...lensOptions(options), leaveOut: 0, bootstraps: 0 },
    {
      ...context,
      title: "Three answers of the network trained on the plateaus alone",
    },
  );
  const answers = look.analysis.answers[0]!;
  const { scores } = answers.extrapolation;
  const { metrics } = look.section;
  const peak = scores.indexOf(Math.max(...scores));
  const trained = Array.from(scores).filter((_, t) => inside(control[t]!));
  const rising = Array.from(scores, (_, t) => t).sort((a, b) => control[a]! - control[b]!);
  const between = rising.filter((t) => !inside(control[t]!));
  metrics["phases.plateau.accuracy"] = (
    await predictAlong(objective, network.parameters, data.train)
  ).accuracy;
  metrics["plateau.lees.even.maxima"] = between.filter(
    (t, k) =>
      k > 0 &&
      k < between.length - 1 &&
      scores[t]! > scores[between[k - 1]!]! &&
      scores[t]! > scores[between[k + 1]!]!,
  ).length;
  metrics["plateau.lees.even.peak_V1"] = control[peak]!;
  metrics["plateau.lees.even.peak_over_trained"] = scores[peak]! / Math.max(...trained);
  // Influence is asked of predictions inside of what was trained on, where both plateaus have a few test points.
  return { ...look, claims: (look.section.claims ?? []).filter(({ claim }) => claim.kind === "reliability") };
}
