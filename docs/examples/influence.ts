/**
 * Influence in a network of one's own: which measurements drove a prediction, how sure it is, and that of a prediction
 * beyond the data. In a package of yours the imports are from "physlens".
 */
import {
  curvature,
  layout,
  objectives,
  ops,
  random,
  spec,
  trainToMinimum,
  type Value,
} from "../../src/index.ts";

const net = layout({ w1: [1, 8], b1: [8], w2: [8, 1] });
const model = {
  name: "perceptron, 8 tanh units",
  layout: net,
  inputs: [spec([1], "float64")],
  outputs: 1,
  kinks: false,
  forward(flat: Value, angle: Value) {
    const { w1, b1, w2 } = net.views(flat);
    return ops.matmul(ops.tanh(ops.add(ops.matmul(angle, w1), b1)), w2);
  },
};

/** A pendulum's torque measured at 60 angles from −3 to 3; asked about at `angles`. */
export async function influenceOnTorque(angles: Float64Array, seed = 0) {
  const draw = random(seed, "pendulum");
  const angle = Float64Array.from({ length: 60 }, (_, i) => -3 + (6 * i) / 59);
  const torque = angle.map((x) => 0.05 * draw.normal() - Math.sin(x));
  const train = { count: 60, inputs: [angle], targets: torque };
  const tests = { count: angles.length, inputs: [angles], targets: angles.map((x) => -Math.sin(x)) };
  const loss = objectives.squaredError(1);
  const objective = objectives.tracedObjective({ model, train, loss, ridge: 1e-3 });
  const start = Float64Array.from({ length: net.size }, () => draw.normal());
  const { parameters, gradientNorm } = await trainToMinimum(objective, start);
  const slopes = loss.slopes(await objective.evaluate(parameters, train), torque);
  const gradients = curvature.chainGradients(await objective.jacobian(parameters, train), slopes);
  const queries = await objective.jacobian(parameters, tests);
  const solver = await curvature.exactHessian(objective, parameters).solver({ damping: 0 });
  const { values } = await curvature.influence({ gradients, queries, solve: solver.solve });
  const spread = await curvature.resamplingSpread({ gradients, queries, solver });
  await objective.release();
  return { angle, influence: values, spread, gradientNorm };
}
