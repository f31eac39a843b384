import { UserError } from "../core/errors.ts";
import { sizeOf } from "./dtype.ts";
import { reshape, slice } from "./ops/shape.ts";
import { describe, type Value } from "./ops/value.ts";

/** Names and shapes of a model's parameters, in the order of declaration. */
export type Shapes = Readonly<Record<string, readonly number[]>>;

/** Where each parameter lies in the one flat vector that holds them all. */
export interface Layout<S extends Shapes = Shapes> {
  readonly shapes: S;
  readonly names: readonly (keyof S & string)[];
  /** Length of the flat vector. */
  readonly size: number;
  /** First and last-plus-one position of a parameter. */
  slice(name: keyof S & string): { start: number; end: number };
  /** The parameter as a view of the flat value [size]: a slice and a reshape, which differentiate and lower to nothing. */
  view(flat: Value, name: keyof S & string): Value;
  /** All parameters as views of the flat value. */
  views(flat: Value): { readonly [K in keyof S]: Value };
  /** One flat typed array from the named ones. */
  pack<T extends Float32Array | Float64Array>(arrays: { readonly [K in keyof S]: T }): T;
  /** The named typed arrays as views (sharing memory) of a flat one. */
  unpack<T extends Float32Array | Float64Array>(flat: T): { readonly [K in keyof S]: T };
}

/**
 * Lays parameters out in one flat vector, in order of declaration, row by row:
 * `layout({ "W1": [2, 64], "b1": [64] })`.
 * @throws UserError naming the parameter whose shape is not made of non-negative integers
 */
export function layout<const S extends Shapes>(shapes: S): Layout<S> {
  type Name = keyof S & string;
  const names = Object.keys(shapes) as Name[];
  const places = new Map<string, { start: number; end: number }>();
  let size = 0;
  for (const name of names) {
    const shape = shapes[name]!;
    if (!shape.every((d) => Number.isInteger(d) && d >= 0)) {
      throw new UserError(
        `layout: parameter "${name}" has the shape [${shape.join(",")}]; expected integers ≥ 0`,
      );
    }
    places.set(name, { start: size, end: size + sizeOf(shape) });
    size += sizeOf(shape);
  }

  const place = (name: string) => {
    const found = places.get(name);
    if (found) return found;
    throw new UserError(`layout: there is no parameter "${name}"; there are ${names.join(", ")}`);
  };
  const view = (flat: Value, name: Name): Value => {
    if (flat.shape.length !== 1 || flat.shape[0] !== size) {
      throw new UserError(`layout: expected a flat vector of ${size} parameters, got ${describe(flat)}`);
    }
    const { start, end } = place(name);
    return reshape(slice(flat, [start, end]), shapes[name]!);
  };
  const each = <V>(f: (name: Name) => V) =>
    Object.fromEntries(names.map((name) => [name, f(name)])) as { readonly [K in keyof S]: V };

  return {
    shapes,
    names,
    size,
    slice: place,
    view,
    views: (flat) => each((name) => view(flat, name)),
    pack<T extends Float32Array | Float64Array>(arrays: { readonly [K in keyof S]: T }): T {
      const unknown = Object.keys(arrays).find((name) => !places.has(name));
      if (unknown !== undefined) place(unknown);
      const first = arrays[names[0]!];
      const flat = (first instanceof Float32Array ? new Float32Array(size) : new Float64Array(size)) as T;
      for (const name of names) {
        const { start, end } = place(name);
        const data = arrays[name];
        if (data?.length !== end - start || data.constructor !== flat.constructor) {
          throw new UserError(
            `layout: parameter "${name}" needs ${end - start} numbers as ${flat.constructor.name}, got ${data === undefined ? "nothing" : `${data.length} as ${data.constructor.name}`}`,
          );
        }
        flat.set(data, start);
      }
      return flat;
    },
    unpack<T extends Float32Array | Float64Array>(flat: T) {
      if (flat.length !== size) {
        throw new UserError(
          `layout: expected ${size} numbers for ${names.length} parameters, got ${flat.length}`,
        );
      }
      return each((name) => {
        const { start, end } = place(name);
        return flat.subarray(start, end) as T;
      });
    },
  };
}
