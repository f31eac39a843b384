import type { Plan, Stage } from "../plan.ts";

/** The memory in which one sample passes through one stage; channels first, position last. */
export interface StageSpace {
  stage: Stage;
  /** What comes in, [inputs, length]: the output of the stage before. */
  input: Float64Array;
  /** Means of the input that the map sees, [inputs, boxes]: the input itself without pooling and padding. */
  boxed: Float64Array;
  /** The boxes under the map, [positions, fan]. */
  patches: Float64Array;
  /** Pre-activations [outputs, positions], then what each post gives. */
  values: Float64Array[];
  /** For a max post, which element of the value before each window chose. */
  winners: (Int32Array | undefined)[];
  /** Pre-activations that reach the output, channel by channel: elements live[liveFrom[o]] … of channel o. */
  live: Int32Array;
  liveFrom: Int32Array;
  /** Does an element of values[i] reach the output? */
  reaches: Uint8Array[];
  /** Slopes of a scalar by values[i]. */
  slopes: Float64Array[];
  boxSlopes: Float64Array;
  inputSlopes: Float64Array;
}

/** Memory for one sample at a time through the whole network. */
export interface Workspace {
  plan: Plan;
  stages: StageSpace[];
  /** What the network gives. */
  output: Float64Array;
}

/** Memory for `plan`; made once, used for every sample. */
export function workspace(plan: Plan): Workspace {
  let input = new Float64Array(plan.inputs);
  const stages = plan.stages.map((stage): StageSpace => {
    const lengths = [stage.positions, ...stage.posts.map((post) => post.to)];
    const each = <T>(make: (size: number) => T) => lengths.map((length) => make(stage.outputs * length));
    const values = each((size) => new Float64Array(size));
    const space: StageSpace = {
      stage,
      input,
      boxed: boxesFor(stage, input),
      patches: new Float64Array(stage.positions * stage.fan),
      values,
      winners: stage.posts.map((post) =>
        post.kind === "max" ? new Int32Array(stage.outputs * post.to) : undefined,
      ),
      live: new Int32Array(stage.outputs * stage.positions),
      liveFrom: new Int32Array(stage.outputs + 1),
      reaches: each((size) => new Uint8Array(size)),
      slopes: each((size) => new Float64Array(size)),
      ...slopeSpace(stage),
    };
    input = values.at(-1)!;
    return space;
  });
  return { plan, stages, output: input };
}

/** Memory for the boxes of a stage's input; the input itself where they are the same. */
export function boxesFor({ inputs, boxes, group, padding }: Stage, input: Float64Array): Float64Array {
  return group === 1 && padding === 0 ? input : new Float64Array(inputs * boxes);
}

/** Memory for slopes by a stage's boxes and input; one array where they are the same. */
export function slopeSpace(stage: Stage): { boxSlopes: Float64Array; inputSlopes: Float64Array } {
  const inputSlopes = new Float64Array(stage.inputs * stage.length);
  return { inputSlopes, boxSlopes: boxesFor(stage, inputSlopes) };
}
