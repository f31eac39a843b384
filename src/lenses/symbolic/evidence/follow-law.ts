import { UserError } from "../../../core/errors.ts";
import { evaluate } from "../../../expressions/evaluate.ts";
import type { Expression } from "../../../expressions/expression.ts";
import type { OperatorSet } from "../../../expressions/operator.ts";
import { standardOperators } from "../../../expressions/standard-operators.ts";
import { integrate } from "../../../physics/dynamics/integrate.ts";
import { variance } from "../../../stats/describe.ts";

/** A trajectory that the law has not seen: the states at ascending times. */
export interface Trajectory {
  times: ArrayLike<number>;
  /** One array of the state's components for each time. */
  states: readonly ArrayLike<number>[];
}

export interface FollowedLaw {
  times: Float64Array;
  /** Distance of the law's solution from the trajectory, components in units of their deviation over it. */
  error: Float64Array;
  /** The first time at which the error is above `tolerance`; the last time if it never is. */
  validUntil: number;
  /** Does the error stay below the tolerance? */
  holds: boolean;
  /** What ended the integration before the last time. */
  stopped: string | undefined;
}

/**
 * Integrates a law ẋⱼ = fⱼ(x) from the first state of a held-out trajectory and follows its error: small residuals of
 * the derivatives do not say that the motion is right. For chaotic systems the error grows whatever the law; compare
 * `validUntil` with the Lyapunov time.
 * @param law fⱼ over variables 0 … d − 1, one for each component of the state
 * @param options.tolerance error from which the law no longer follows. Default 0.4.
 * @throws UserError for components or states that do not match in number.
 */
export function followLaw(
  law: readonly Expression[],
  { times, states }: Trajectory,
  options: { operators?: OperatorSet; tolerance?: number } = {},
): FollowedLaw {
  const { operators = standardOperators, tolerance = 0.4 } = options;
  const d = law.length;
  if (states.length !== times.length || times.length < 2) {
    throw new UserError(
      `followLaw: ${states.length} states at ${times.length} times; expected one each, from two`,
    );
  }
  states.forEach((state, i) => {
    if (state.length !== d) {
      throw new UserError(
        `followLaw: state ${i} has ${state.length} components, the law ${d}; expected as many`,
      );
    }
  });
  const scale = law.map(
    (_, j) =>
      Math.sqrt(
        variance(
          states.map((state) => state[j]!),
          0,
        ),
      ) || 1,
  );
  const rate = (state: Float64Array, out: Float64Array) => {
    law.forEach((f, j) => {
      out[j] = evaluate(f, state, operators);
    });
  };
  const at = Float64Array.from(times);
  const error = new Float64Array(at.length).fill(Number.POSITIVE_INFINITY);
  error[0] = 0;
  let state: Float64Array = Float64Array.from(states[0]!);
  let stopped: string | undefined;
  for (let i = 1; i < at.length && stopped === undefined; i++) {
    try {
      state = integrate(rate, state, [at[i - 1]!, at[i]!])[1]!;
    } catch (cause) {
      if (!(cause instanceof UserError)) throw cause;
      stopped = cause.message;
      break;
    }
    const squares = law.reduce((sum, _, j) => sum + ((state[j]! - states[i]![j]!) / scale[j]!) ** 2, 0);
    error[i] = Math.sqrt(squares / d);
  }
  const lost = error.findIndex((value) => !(value <= tolerance));
  return {
    times: at,
    error,
    validUntil: at[lost < 0 ? at.length - 1 : lost]!,
    holds: lost < 0,
    stopped,
  };
}
