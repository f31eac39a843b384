import { UserError } from "../../core/errors.ts";
import type { Criterion, Cut, Pin } from "./cuts.ts";

/** The size of a pin: its only non-zero amplitude. @throws UserError for a pin of no or of several fields. */
export function pinSize(pin: Pin): number {
  const sizes = [pin.h1 ?? 0, pin.h2 ?? 0, pin.dJ ?? 0].filter((size) => size !== 0);
  if (sizes.length !== 1) {
    throw new UserError(
      `pinSize: ${JSON.stringify(pin)} has ${sizes.length} fields; expected exactly one of h1, h2, dJ`,
    );
  }
  return Math.abs(sizes[0]!);
}

/** The least order parameter that meets `criterion`: factor·|pin|. */
export function threshold(criterion: Criterion): number {
  return criterion.factor * pinSize(criterion.pin);
}

/** The class index of a state: 0, or 1 + the last criterion with `orders[k]` ≥ its threshold. */
export function labelOf(criteria: readonly Criterion[], orders: readonly number[]): number {
  let label = 0;
  criteria.forEach((criterion, k) => {
    if (orders[k]! >= threshold(criterion)) label = k + 1;
  });
  return label;
}

/** The names of the classes of a cut, in the order of their labels. */
export function classesOf(cut: Cut): string[] {
  return [cut.base, ...cut.criteria.map((criterion) => criterion.class)];
}

/** The rule of a cut in words, for reports. */
export function ruleOf(cut: Cut): string {
  const words = { cdw1: "CDW-I", cdw2: "CDW-II", bond: "bond" } as const;
  const parts = cut.criteria.map((criterion) => {
    const field = Object.entries(criterion.pin).find(([key, value]) => key !== "pattern" && value !== 0);
    return `${criterion.class} where the ${words[criterion.order]} order parameter is at least ${criterion.factor}·${field?.[0]} = ${Number(threshold(criterion).toPrecision(12))} (${field?.[0]} = ${field?.[1]})`;
  });
  return `${parts.join("; ")}${cut.criteria.length > 1 ? " (the last that holds)" : ""}, else ${cut.base}`;
}
