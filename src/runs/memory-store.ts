import type { Store } from "../core/store.ts";

/** A store that ends with the program: for studies that are run without a folder, and for tests. */
export function memoryStore(): Store {
  const entries = new Map<string, Uint8Array>();
  return {
    path: undefined,
    read: (key) => entries.get(key)?.slice(),
    write: (key, bytes) => void entries.set(key, bytes.slice()),
    remove: (key) => void entries.delete(key),
  };
}
