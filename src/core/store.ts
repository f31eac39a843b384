/** A small keyed store of bytes that survives a killed process: every write is whole or absent. */
export interface Store {
  read(key: string): Uint8Array | undefined;
  write(key: string, bytes: Uint8Array): void;
  remove(key: string): void;
  /** A folder that worker threads may open themselves with `folderStore(path)`; undefined for a store in memory. */
  readonly path: string | undefined;
}
