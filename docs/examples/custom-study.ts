/**
 * A study of one's own: data, model, training, a question to the trained network, one figure. In a package of yours
 * the imports are from "physlens".
 */
import * as physlens from "../../src/index.ts";
import { minimise, numberColumn, ops, spec, trace, type Value } from "../../src/index.ts";

const params = { steps: { type: "int", default: 2000, min: 1, help: "Training steps." } } as const;
const net = physlens.layout({ w1: [1, 24], b1: [24], w2: [24, 1] });
const specs = [spec([net.size], "float64"), spec([256, 1], "float64"), spec([256, 1], "float64")] as const;

const torque = (flat: Value, angle: Value, { w1, b1, w2 } = net.views(flat)) =>
  ops.matmul(ops.tanh(ops.add(ops.matmul(angle, w1), b1)), w2);
const loss = (flat: Value, x: Value, y: Value) => ops.mean(ops.square(ops.sub(torque(flat, x), y)));
const stiffness = physlens.grad((flat: Value, x: Value) => ops.sum(ops.neg(torque(flat, x))), { argnums: 1 });

export const pendulum: physlens.Study<typeof params> = {
  name: "pendulum",
  question: "Does a network that learned a pendulum's torque −sin(angle) know its stiffness cos(angle)?",
  params,
  presets: { quick: {}, full: { steps: 10_000 } },
  estimate: ({ steps }) => ({ seconds: steps / 4000, note: `${steps} training steps` }),
  async run({ steps }, { random, task }) {
    const angle = Float64Array.from({ length: 256 }, () => random.uniform() * 6 - 3);
    const measured = angle.map((x) => 0.01 * random.normal() - Math.sin(x));
    const start = Float64Array.from({ length: net.size }, () => 0.5 * random.normal());
    const { parameters } = await minimise({ loss, specs, start, data: [angle, measured], steps, task });
    const slopes = trace(stiffness, [specs[0], specs[1]]);
    const [slope] = await physlens.runOnce(slopes, [parameters, angle]);
    const rms = Math.sqrt(angle.reduce((sum, x, i) => sum + (slope![i]! - Math.cos(x)) ** 2, 0) / 256);
    const [x, y] = [numberColumn("angle", "rad", angle), numberColumn("stiffness", "N·m/rad", slope!)];
    const about = { name: "stiffness", title: "Learned stiffness", caption: "Line: cos(angle)." };
    const figures = [physlens.scatter({ ...about, x, y, curve: Math.cos })];
    const summary = [`The network's stiffness is cos(angle) to ${rms.toFixed(3)} N·m/rad (RMS).`];
    return physlens.studyResult({ asked: this.question, summary, metrics: { rms }, figures });
  },
};
