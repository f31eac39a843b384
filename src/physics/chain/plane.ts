import { demand } from "../../core/errors.ts";
import { type Criterion, cuts } from "./cuts.ts";
import { threshold } from "./labels.ts";
import type { OrderParameters } from "./observables.ts";
import { groundStates, type HowToRun } from "./states.ts";

/** The order parameters over a grid of the (V1, V2) plane. Point (i, j) is V1[i], V2[j] at index j·V1.length + i. */
export interface PhasePlane {
  L: number;
  V1: Float64Array;
  V2: Float64Array;
  /** Each in response to its own small field and to no other. */
  orders: Record<keyof OrderParameters, Float64Array>;
  /** Index into `classes`. */
  labels: Float64Array;
  classes: string[];
  rule: string;
}

const criteria: readonly Criterion[] = [cuts.bond.criteria[0], cuts.cdw1.criteria[0], cuts.three.criteria[1]];

/**
 * Order parameters and phases over the (V1, V2) plane, for the picture of the phase diagram. Each order parameter is
 * measured with its own pin: three ground states a point, about 3 ms at L = 12.
 * Label: the density wave whose order parameter is the larger multiple of its threshold, if it reaches it; else BO, if
 * that reaches its threshold; else LL. On a ring this small all boundaries are those of the thresholds.
 * @throws UserError for an L that is not a multiple of 4 (CDW-II does not fit) and for an empty axis.
 */
export async function phasePlane(
  options: HowToRun & { L?: number; V1: readonly number[]; V2: readonly number[] },
): Promise<PhasePlane> {
  const { L = 12, V1, V2, ...how } = options;
  demand(L % 4 === 0, () => `phasePlane: L = ${L}; CDW-II needs a multiple of 4`);
  demand(V1.length > 0 && V2.length > 0, () => `phasePlane: ${V1.length} × ${V2.length} points`);
  const points = V2.flatMap((v2) => V1.map((v1) => ({ V1: v1, V2: v2 })));
  const found: Float64Array[] = [];
  for (const [k, { pin, order }] of criteria.entries()) {
    const part = how.task?.part(k / criteria.length, (k + 1) / criteria.length);
    const task = part === undefined ? {} : { task: part };
    const { orders } = await groundStates({ L, ...pin }, points, { ...how, ...task, keepStates: false });
    found.push(orders[order]);
  }
  const [bond, cdw1, cdw2] = found as [Float64Array, Float64Array, Float64Array];
  const labels = bond.map((_, p) => {
    const [b, one, two] = criteria.map((criterion, k) => found[k]![p]! / threshold(criterion));
    if (Math.max(one!, two!) >= 1) return one! >= two! ? 1 : 3;
    return b! >= 1 ? 2 : 0;
  });
  return {
    L,
    V1: Float64Array.from(V1),
    V2: Float64Array.from(V2),
    orders: { cdw1, cdw2, bond },
    labels,
    classes: ["LL", "CDW-I", "BO", "CDW-II"],
    rule: "CDW-I from 10·h1, CDW-II from 100·h2 (the larger multiple of its threshold), else BO from 10·dJ, else LL; each order parameter with its own pin",
  };
}
