import type { Landscape } from "../../optim/landscape/landscape.ts";
import { alignClassifier } from "./align.ts";
import { assembledHessian, hessianFromProducts } from "./hessian.ts";
import { classifierLoss } from "./loss.ts";
import { machineFor } from "./machine.ts";
import { type ClassifierProblem, checkProblem } from "./problem.ts";
import { classifierProduct } from "./product.ts";
import { weightCount } from "./shape.ts";
import { stabiliserOrder } from "./symmetry-order.ts";
import { weightName } from "./weight-name.ts";

/**
 * The loss of a classifier as a landscape: L(w) = −(1/N) Σ_d ln p_{c(d)}(x_d) + λ Σ w², with exact first and second
 * derivatives and the symmetry of its hidden units. Starts are normal with a scale between 0.1 and 5, drawn on a
 * logarithmic scale, so that both soft and saturated units are met.
 * @throws UserError naming the field of the problem that is wrong.
 */
export function classifierLandscape(problem: ClassifierProblem): Landscape {
  const checked = checkProblem(problem);
  const { shape, name } = checked;
  const n = weightCount(shape);
  const machine = machineFor(checked);
  const decays = new Float64Array(n).fill(checked.lambda);
  if (!checked.regulariseBiases) decays.fill(0, machine.layout.biasAt[0]!);
  const hvp = classifierProduct(machine, decays);
  return {
    ...{ name, n, hvp, valueAndGradient: classifierLoss(checked, machine, decays) },
    hessian: shape.hidden.length === 1 ? assembledHessian(machine, decays) : hessianFromProducts(hvp),
    symmetry: {
      align: (reference, w) => {
        const { weights, distance } = alignClassifier(shape, reference, w);
        return { x: weights, distance };
      },
      order: (w) => stabiliserOrder(shape, w),
      findsCopies: shape.hidden.length === 1,
    },
    coordinateName: (i) => weightName(shape, i),
    start(random) {
      const scale = 0.1 * 50 ** random.uniform();
      return Float64Array.from({ length: n }, () => scale * random.normal());
    },
  };
}

/** {@link classifierLandscape} from plain data, for worker threads: what a `LandscapeSource` of this module names. */
export function classifierFrom(input: unknown): Landscape {
  return classifierLandscape(input as ClassifierProblem);
}
