import { UserError } from "../core/errors.ts";
import type { Value } from "../program/ops/index.ts";
import * as o from "../program/ops/index.ts";
import { type Layout, layout } from "../program/parameters.ts";
import { site } from "../program/sites.ts";

/** Sizes of a token regressor. */
export interface TokenRegressorConfig {
  /** Rows of the Z, N and task embeddings: the largest token + 1, and the number of tasks. */
  vocabularies: readonly [z: number, n: number, tasks: number];
  /** Width of embeddings and of every layer. */
  width: number;
  /** Residual blocks. */
  depth: number;
}

/** Integer tokens of a batch, int32 [batch] each. */
export type Tokens = {
  z: Value;
  n: Value;
  task: Value;
};

/** A small network T(Z, N, task) with learned embeddings. All functions take the one flat parameter vector. */
export interface TokenRegressor {
  config: TokenRegressorConfig;
  layout: Layout;
  /** Names of the sites, in order of evaluation. */
  sites: readonly string[];
  /** Scaled output [batch]. */
  forward(flat: Value, tokens: Tokens): Value;
  /**
   * The same numbers within rounding, with each embedding table multiplied into the first layer before rows are
   * selected by a matrix of ones and zeros: a third of the arithmetic less and no scattered sums in the gradient. For
   * training. It has all sites but "embedding".
   */
  forwardSelecting(flat: Value, tokens: Tokens): Value;
  /** Both embedding tables multiplied into the first layer, Z above N: [Z vocabulary + N vocabulary, width]. */
  projected(flat: Value): Value;
  /** The matrix of ones and zeros that selects each sample's two rows of `projected`, in the dtype of `like`. */
  selection(tokens: Tokens, like: Value): Value;
  /** Scaled output [batch] from each sample's sum of its two rows of `projected`, [batch, width]. */
  forwardChosen(flat: Value, chosen: Value, task: Value): Value;
}

/** Width at which the parametrisation's factors are 1 (Yang et al. 2022, as in the paper's code). */
export const baseWidth = 32;

/**
 * The network of Kitouni et al. (ICML 2024, arXiv:2405.17425), section 3:
 *
 *     e = [E_Z[z], E_N[n], E_T[t]]            x₀ = SiLU(W e + b)          ("fixed attention")
 *     x_{k+1} = x_k + ReLU(W₂ ReLU(W₁ x_k + b₁) + b₂)                      (`depth` residual blocks)
 *     y = (R x·32/width + c)_t                                             (readout; column of the task)
 *
 * y is scaled: `TargetScaling` turns it into the task's unit. Named sites: "embedding" (e), "attention" (x₀),
 * "block0" … and "penultimate" (the last x): patching "embedding" feeds vectors that belong to no token, patching
 * "penultimate" runs the readout alone. Weights are stored [in, out].
 * @throws UserError naming the size that is no whole number in range.
 */
export function tokenRegressor(config: TokenRegressorConfig): TokenRegressor {
  const { vocabularies, width, depth } = config;
  const sizes = { "Z vocabulary": vocabularies[0], "N vocabulary": vocabularies[1], tasks: vocabularies[2] };
  for (const [name, size] of Object.entries({ ...sizes, width })) requireCount(name, size, 1);
  requireCount("depth", depth, 0);
  const tasks = vocabularies[2];
  const blocks = Array.from({ length: depth }, (_, k) => `block${k}`);
  const parameters = layout({
    "embedding.Z": [vocabularies[0], width],
    "embedding.N": [vocabularies[1], width],
    "embedding.task": [tasks, width],
    "attention.weight": [3 * width, width],
    "attention.bias": [width],
    ...Object.fromEntries(
      blocks.flatMap((block) => [
        [`${block}.first.weight`, [width, width]],
        [`${block}.first.bias`, [width]],
        [`${block}.second.weight`, [width, width]],
        [`${block}.second.bias`, [width]],
      ]),
    ),
    "readout.weight": [width, tasks],
    "readout.bias": [tasks],
  } as Record<string, readonly number[]>);

  const readout = (flat: Value, penultimate: Value, task: Value): Value => {
    const scaled = o.mul(penultimate, baseWidth / width);
    const all = o.add(
      o.matmul(scaled, parameters.view(flat, "readout.weight")),
      parameters.view(flat, "readout.bias"),
    );
    const batch = all.shape[0]!;
    if (tasks === 1) return o.reshape(all, [batch]);
    return o.sum(o.mul(all, selection(task, tasks, all)), { axis: 1 });
  };
  const rest = (flat: Value, preactivation: Value, task: Value): Value => {
    let x = site("attention", o.silu(preactivation));
    for (const block of blocks) {
      const linear = (input: Value, part: string) =>
        o.add(
          o.matmul(input, parameters.view(flat, `${block}.${part}.weight`)),
          parameters.view(flat, `${block}.${part}.bias`),
        );
      x = site(block, o.add(x, o.relu(linear(o.relu(linear(x, "first")), "second"))));
    }
    return readout(flat, site("penultimate", x), task);
  };
  const first = (flat: Value) => parameters.view(flat, "attention.weight");
  const part = (flat: Value, weight: Value, table: string, slot: number) =>
    o.matmul(
      parameters.view(flat, `embedding.${table}`),
      o.slice(weight, [slot * width, (slot + 1) * width]),
    );
  const projected = (flat: Value, weight = first(flat)) =>
    o.concatenate([part(flat, weight, "Z", 0), part(flat, weight, "N", 1)], 0);
  const bothSelected = ({ z, n }: Tokens, like: Value) =>
    o.concatenate([selection(z, vocabularies[0], like), selection(n, vocabularies[1], like)], 1);
  const bias = (flat: Value, weight: Value, task: Value) => {
    const own = part(flat, weight, "task", 2);
    const row = tasks === 1 ? own : o.matmul(selection(task, tasks, flat), own);
    return o.add(row, parameters.view(flat, "attention.bias"));
  };
  return {
    config,
    layout: parameters,
    sites: ["embedding", "attention", ...blocks, "penultimate"],
    forward(flat, { z, n, task }) {
      const row = (table: string, token: Value) => o.take(parameters.view(flat, `embedding.${table}`), token);
      const embedding = site("embedding", o.concatenate([row("Z", z), row("N", n), row("task", task)], 1));
      const weight = parameters.view(flat, "attention.weight");
      return rest(flat, o.add(o.matmul(embedding, weight), parameters.view(flat, "attention.bias")), task);
    },
    forwardSelecting(flat, tokens) {
      const weight = first(flat);
      const rows = projected(flat, weight);
      const chosen = bothSelected(tokens, flat);
      const shift = bias(flat, weight, tokens.task);
      return rest(flat, o.add(o.matmul(chosen, rows), shift), tokens.task);
    },
    projected: (flat) => projected(flat),
    selection: bothSelected,
    forwardChosen: (flat, chosen, task) => rest(flat, o.add(chosen, bias(flat, first(flat), task)), task),
  };
}

/** [batch, count] with 1 at the token and 0 elsewhere, in the dtype of `like`. */
function selection(tokens: Value, count: number, like: Value): Value {
  return o.oneHot(tokens, count, like.dtype as "float32" | "float64");
}

function requireCount(name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new UserError(`tokenRegressor: ${name} is ${value}; expected a whole number of at least ${least}`);
}
