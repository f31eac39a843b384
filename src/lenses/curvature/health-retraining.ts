import { cutShort, type RemovalCheck } from "./check-removal.ts";
import type { SubsetCheck } from "./check-subsets.ts";
import { type HealthItem, shortNumber as number } from "./health-item.ts";
import type { CurvatureOptions, Prepared } from "./prepare.ts";

/** What leaving out single points found. */
export function removalItems(
  removal: RemovalCheck,
  { stationarity }: Prepared,
  { stationary }: CurvatureOptions,
): HealthItem[] {
  const { firstOrder, newton, rows, unconverged, retrained } = removal;
  const cut =
    stationarity.gradientNorm > stationary
      ? " These parameters are no minimum, so each was cut after a few steps, and none was made on resampled data."
      : "";
  const follows = firstOrder.pearson >= 0.9;
  const good = follows && !cutShort(removal);
  return [
    {
      key: "loo_pearson",
      check: "leave-one-out: correlation of predicted and actual change",
      value: firstOrder.pearson,
      expected: "at least 0.9",
      good,
      says: good
        ? `Retrained without single points, the test losses change as influence predicts (Pearson ${number(firstOrder.pearson)} to first order, ${number(newton.pearson)} by one Newton step, over ${rows.length} pairs).`
        : follows
          ? `Retrained without single points for a few steps, the test losses change as influence predicts (Pearson ${number(firstOrder.pearson)}), but the first step does so by construction and no minimum was reached: this shows nothing about removal.`
          : `Retrained without single points, the test losses do not change as influence predicts (Pearson ${number(firstOrder.pearson)} to first order, ${number(newton.pearson)} by one Newton step, over ${rows.length} pairs): read influences as the response of these parameters, not as the effect of removal.`,
    },
    {
      key: "loo_slope",
      check: "leave-one-out: actual change over predicted change",
      value: firstOrder.slope,
      expected: "near 1",
      good: Math.abs(firstOrder.slope - 1) < 0.5,
      says: `The actual changes are ${number(firstOrder.slope)} times the predicted ones.`,
    },
    ...(unconverged > 0
      ? [
          {
            key: "loo_unconverged",
            check: "leave-one-out: retrainings that did not end in a minimum",
            value: unconverged,
            expected: "0",
            good: false,
            says: `${unconverged} of ${retrained} retrainings did not reach a minimum; their changes are uncertain.${cut}`,
          },
        ]
      : []),
  ];
}

/** Mean linear datamodelling score from which influences count as predicting what training on other data does. */
const datamodellingFrom = 0.5;

/** What training on random halves found. */
export function subsetItems({
  mean,
  identityMean,
  subsets,
  tests,
  quantity,
  unconverged,
}: SubsetCheck): HealthItem[] {
  const good = mean >= datamodellingFrom;
  const found = `Spearman ${number(mean)} in the mean of ${tests.length} test points over ${subsets} halves, ${number(identityMean)} by the inner product of gradients; chance alone gives ±${number(1 / Math.sqrt(subsets - 1))} for one point`;
  return [
    {
      key: "lds",
      check: "linear datamodelling score: summed influences against training on random halves",
      value: mean,
      expected: `at least ${datamodellingFrom}`,
      good,
      says: good
        ? `Trained on random halves, the ${quantity} of the test points goes with the sum of the influences of what was left out (${found}).`
        : `Trained on random halves, the ${quantity} of the test points does not go with the sum of the influences of what was left out (${found}): influences say little about what other training data would have done.`,
    },
    ...(unconverged > 0
      ? [
          {
            key: "lds_unconverged",
            check: "training on random halves: those that did not end in a minimum",
            value: unconverged,
            expected: "0",
            good: false,
            says: `${unconverged} of ${subsets} trainings on random halves did not reach a minimum; the datamodelling score is uncertain.`,
          },
        ]
      : []),
  ];
}
