import type { Stage } from "../plan.ts";
import { spareRows } from "./outer-products.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Tangents by θ of a stage's live pre-activations, a row each. Units of stage s depend on all parameters of the stages
 * before, θ[0 … stage.weight), and on their own channel's weights and bias only: a row is that prefix, then `fan`
 * weights, then the bias. Posts combine rows of one channel in place.
 */
export interface StageTangents {
  rows: Float64Array;
  width: number;
  /** The row of an element of the stage's current value, or −1 where its tangent is zero. */
  rowOf: Int32Array;
  combined: Float64Array;
}

/** Memory for `addSecondOrder`. */
export interface SecondOrderSpace {
  stages: StageTangents[];
  /** Where the row under each input element of a map begins, or −1. */
  under: Int32Array;
  offsets: Int32Array;
  weights: Float64Array;
  /** slope·σ″ of each unit of a stage. */
  bends: Float64Array;
  /** M of a position, fan², and M times the tangents of its patch. */
  mixed: Float64Array;
  mixedRows: Float64Array;
  mixedOwn: Float64Array;
}

/** Memory for tangents, beside `space`. */
export function secondOrderSpace(space: Workspace): SecondOrderSpace {
  let [most, square, wide, own] = [0, 0, 0, 0];
  const stages = space.stages.map(({ stage }, s): StageTangents => {
    const width = stage.weight + stage.fan + 1;
    const units = stage.outputs * stage.positions;
    most = Math.max(most, units, stage.fan);
    const before = space.stages[s - 1]?.stage;
    const behind = before === undefined || stage.group === 1 ? 0 : before.weight + before.fan + 1;
    if (before !== undefined && stage.posts.some((post) => post.kind === "activation")) {
      square = Math.max(square, stage.fan ** 2);
      wide = Math.max(wide, stage.fan * before.weight);
      own = Math.max(own, stage.kernel * (before.fan + 1));
    }
    return {
      rows: new Float64Array(units * width),
      width,
      rowOf: new Int32Array(units),
      combined: new Float64Array(stage.fan * behind),
    };
  });
  return {
    stages,
    under: new Int32Array(most),
    offsets: new Int32Array(most + spareRows),
    weights: new Float64Array(most + spareRows),
    bends: new Float64Array(most),
    mixed: new Float64Array(square),
    mixedRows: new Float64Array(wide),
    mixedOwn: new Float64Array(own),
  };
}

/** Fills `memory.under` for position j: the input's tangents as they are, or their means over the boxes. */
export function rowsUnder(stage: Stage, memory: SecondOrderSpace, s: number, j: number): Float64Array {
  const { inputs, kernel, length, step, stride, padding, group } = stage;
  const behind = memory.stages[s - 1]!;
  const { combined } = memory.stages[s]!;
  const { width, rows, rowOf } = behind;
  const share = 1 / group;
  for (let k = 0; k < kernel; k++) {
    const first = j * step + k - padding;
    for (let c = 0; c < inputs; c++) {
      const i = c * kernel + k;
      if (group === 1) {
        const row = first >= 0 && first < length ? rowOf[c * length + first]! : -1;
        memory.under[i] = row < 0 ? -1 : row * width;
        continue;
      }
      const target = i * width;
      let found = false;
      for (let t = 0; t < group; t++) {
        const at = first + t * stride;
        const row = at >= 0 && at < length ? rowOf[c * length + at]! : -1;
        if (row < 0) continue;
        if (!found) combined.fill(0, target, target + width);
        found = true;
        for (let e = 0; e < width; e++) combined[target + e]! += share * rows[row * width + e]!;
      }
      memory.under[i] = found ? target : -1;
    }
  }
  return group === 1 ? rows : combined;
}
