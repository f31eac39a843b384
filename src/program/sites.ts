import { UserError } from "../core/errors.ts";
import { add } from "./ops/arithmetic.ts";
import { describe, type Value } from "./ops/value.ts";

type Recorder = (name: string, value: Value) => void;

interface Frame {
  seen: Set<string>;
  patches: Readonly<Record<string, Value>>;
  shifts: Readonly<Record<string, Value>>;
  record?: Recorder | undefined;
  /** A transformation's boundary: what is recorded inside leaves it as a result, not directly. */
  boundary: boolean;
}

const frames: Frame[] = [];

/**
 * Names an intermediate of a model and returns it unchanged: `const h = site("penultimate", relu(z))`. Under `tap` the
 * value is also returned; under `patch` it is replaced (by the outermost patch if several name it), and taps see the
 * value that goes on.
 * @throws UserError if one call of the model names the same site twice, or a patch has another shape or dtype
 */
export function site(name: string, value: Value): Value {
  let result = value;
  for (let i = frames.length - 1; i >= 0; i--) {
    const { seen, patches, shifts } = frames[i]!;
    if (seen.has(name)) {
      throw new UserError(
        `site "${name}": the model names this site twice in one call; give each place its own name (for example "${name}.1")`,
      );
    }
    seen.add(name);
    if (Object.hasOwn(patches, name)) result = fitting(name, value, patches[name]!);
    if (Object.hasOwn(shifts, name)) result = add(result, fitting(name, value, shifts[name]!));
  }
  deliver(name, result);
  return result;
}

/**
 * Calls `f` with sites recorded and replaced. Frames nest.
 * @param options.where name of the caller, for messages
 * @param options.record called at every site with the value that goes on
 * @param options.patches values that replace those of the sites named
 * @param options.shifts values that are added to those of the sites named: what is differentiated at a site
 * @throws UserError if a patch names a site that `f` did not reach; the message lists those it did
 */
export function withSites<T>(
  f: () => T,
  options: {
    where: string;
    record?: Recorder;
    patches?: Readonly<Record<string, Value>>;
    shifts?: Readonly<Record<string, Value>>;
  },
): T {
  const { patches = {}, shifts = {}, record } = options;
  const frame: Frame = { seen: new Set(), patches, shifts, record, boundary: false };
  const result = inside(frame, f);
  if (result instanceof Promise) {
    throw new UserError(
      `${options.where}: the model is asynchronous; models are plain synchronous functions`,
    );
  }
  requireSites(options.where, Object.keys({ ...patches, ...shifts }), frame.seen);
  return result;
}

/**
 * Calls `f` on behalf of a transformation. Values inside one (tangents, samples of a batch) mean nothing outside it, so
 * what sites record is collected; the transformation returns it as results and hands those to `deliver`.
 */
export function collectSites<T>(f: () => T): { result: T; records: Map<string, Value> } {
  const records = new Map<string, Value>();
  if (!frames.some((frame) => frame.record !== undefined)) return { result: f(), records };
  const record: Recorder = (name, value) => records.set(name, value);
  return { result: inside({ seen: new Set(), patches: {}, shifts: {}, record, boundary: true }, f), records };
}

/** Hands a value to every recorder up to the innermost transformation. */
export function deliver(name: string, value: Value): void {
  for (let i = frames.length - 1; i >= 0; i--) {
    const frame = frames[i]!;
    frame.record?.(name, value);
    if (frame.boundary) return;
  }
}

/** @throws UserError naming the first of `wanted` that is not among `known`, and all that are. */
export function requireSites(where: string, wanted: Iterable<string>, known: ReadonlySet<string>): void {
  for (const name of wanted) {
    if (!known.has(name)) {
      const list = known.size === 0 ? "the model names none" : `its sites are ${[...known].join(", ")}`;
      throw new UserError(`${where}: the model has no site "${name}"; ${list}`);
    }
  }
}

function inside<T>(frame: Frame, f: () => T): T {
  frames.push(frame);
  try {
    return f();
  } finally {
    frames.pop();
  }
}

function fitting(name: string, value: Value, patch: Value): Value {
  if (patch.dtype === value.dtype && patch.shape.join() === value.shape.join()) return patch;
  throw new UserError(
    `site "${name}": the patch is ${describe(patch)}, but the model's value is ${describe(value)}; give it that shape and dtype`,
  );
}
