import { UserError } from "../core/errors.ts";
import { type Matrix, matrix } from "../linalg/matrix.ts";
import type { FlatVector } from "../optim/adamw.ts";
import { spec, type TypedArray } from "../program/dtype.ts";
import { compile, type Session } from "../program/session.ts";
import { type Program, trace } from "../program/trace.ts";
import { patch, tap } from "../program/transform/index.ts";
import type { TokenRegressor } from "./token-regressor.ts";
import { type FloatType, floats } from "./token-regressor-init.ts";

/** Tokens of any number of rows. */
export interface TokenRows {
  z: Int32Array;
  n: Int32Array;
  task: Int32Array;
}

/** Runs a token regressor on any number of rows, in batches of one size. Release it when done. */
export interface TokenPredictor {
  /** Scaled outputs. */
  outputs(parameters: FlatVector, tokens: TokenRows): Promise<Float64Array>;
  /** Values at a site, rows × its width. @throws UserError for a site the model has not. */
  activations(parameters: FlatVector, tokens: TokenRows, site: string): Promise<Matrix>;
  /** Scaled outputs with given values (rows × width) at a site in place of the model's own. */
  patched(parameters: FlatVector, tokens: TokenRows, site: string, values: Matrix): Promise<Float64Array>;
  release(): Promise<void>;
}

/**
 * A predictor of `model`. Programs are traced and compiled when first used. The site "embedding" holds the three
 * vectors [z, n, task] side by side: patching it feeds the model embeddings that belong to no token.
 * @param options.batch rows a call (default 1024); the last call is filled up with repeats.
 */
export function tokenPredictor(
  model: TokenRegressor,
  options: { dtype?: FloatType; device?: string; threads?: number; batch?: number } = {},
): TokenPredictor {
  const { dtype = "float32", device, threads, batch = 1024 } = options;
  const sessions = new Map<string, Promise<Session>>();
  const flat = spec([model.layout.size], dtype);
  const token = spec([batch], "int32");
  const inputs = { flat, tokens: { z: token, n: token, task: token } };
  const session = (key: string, make: () => Program): Promise<Session> => {
    const found = sessions.get(key);
    if (found) return found;
    const made = compile(make(), { ...(device && { device }), ...(threads && { threads }) });
    sessions.set(key, made);
    return made;
  };
  const widthOf = (site: string): number => {
    if (!model.sites.includes(site)) {
      throw new UserError(`token regressor: no site '${site}'; there are: ${model.sites.join(", ")}`);
    }
    return site === "embedding" ? 3 * model.config.width : model.config.width;
  };
  return {
    async outputs(parameters, tokens) {
      const run = await session("outputs", () =>
        trace((p, t) => model.forward(p, t), [inputs.flat, inputs.tokens], { name: "outputs" }),
      );
      return batched(run, parameters, tokens, batch, 1);
    },
    async activations(parameters, tokens, site) {
      const width = widthOf(site);
      const run = await session(`activations ${site}`, () =>
        trace((p, t) => tap(model.forward, [site])(p, t).taps[site]!, [inputs.flat, inputs.tokens], {
          name: `${site} activations`,
        }),
      );
      return matrix(tokens.z.length, width, await batched(run, parameters, tokens, batch, width));
    },
    async patched(parameters, tokens, site, values) {
      const width = widthOf(site);
      if (values.rows !== tokens.z.length || values.cols !== width) {
        throw new UserError(
          `token regressor, site '${site}': values are ${values.rows}×${values.cols}; expected ${tokens.z.length}×${width}`,
        );
      }
      const run = await session(`patched ${site}`, () =>
        trace(
          (p, t, h) => patch(model.forward)({ [site]: h }, p, t),
          [inputs.flat, inputs.tokens, spec([batch, width], dtype)],
          { name: `${site} patched` },
        ),
      );
      return batched(run, parameters, tokens, batch, 1, values);
    },
    async release() {
      const open = await Promise.all(sessions.values());
      sessions.clear();
      await Promise.all(open.map((s) => s.release()));
    },
  };
}

/** Feeds a session (parameters, z, n, task, values?) batch by batch; `width` numbers a row come back. */
async function batched(
  session: Session,
  parameters: FlatVector,
  tokens: TokenRows,
  batch: number,
  width: number,
  values?: Matrix,
): Promise<Float64Array> {
  const count = tokens.z.length;
  const out = new Float64Array(count * width);
  const dtype = parameters instanceof Float32Array ? "float32" : "float64";
  for (let start = 0; start < count; start += batch) {
    const rows = Int32Array.from({ length: batch }, (_, i) => Math.min(start + i, count - 1));
    const feed: TypedArray[] = [parameters];
    for (const column of [tokens.z, tokens.n, tokens.task]) feed.push(rows.map((row) => column[row]!));
    if (values) {
      const { cols, data } = values;
      const part = floats(dtype, batch * cols);
      rows.forEach((row, i) => {
        part.set(data.subarray(row * cols, (row + 1) * cols), i * cols);
      });
      feed.push(part);
    }
    const [result] = await session.run(feed.slice(0, session.program.inputs.length));
    const used = Math.min(batch, count - start) * width;
    out.set((result as FlatVector).subarray(0, used), start * width);
  }
  return out;
}
