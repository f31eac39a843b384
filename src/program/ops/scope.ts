interface Disposable {
  dispose(): void;
}

const scopes: Disposable[][] = [];

/** Notes something new in the innermost scope, which frees it when it ends; outside any scope it lives on. */
export function own<T extends Disposable>(value: T): T {
  scopes[scopes.length - 1]?.push(value);
  return value;
}

/**
 * Calls `f` and then frees every array that operations created inside it. jax-js counts references by hand and the
 * garbage collector cannot free its arrays, so eager evaluation in a loop belongs inside a scope. What `f` returns
 * must hold no values: read them out with `toTyped` first.
 */
export function scope<T>(f: () => T): T {
  const values: Disposable[] = [];
  scopes.push(values);
  try {
    return f();
  } finally {
    scopes.pop();
    for (const value of values) value.dispose();
  }
}
