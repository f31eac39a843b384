import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { saveNetwork } from "../../data/stationary-points.ts";
import type { GrownExploration } from "../../lenses/landscape/explore-until.ts";
import type { Network } from "../../optim/landscape/network.ts";

/** A finished exploration as bytes for a checkpoint; numbers come back exactly. */
export function encodeExploration(found: GrownExploration): Uint8Array {
  const text = JSON.stringify(found, (_, value: unknown) =>
    value instanceof Float64Array
      ? { float64: Array.from(value) }
      : value === Infinity
        ? { infinite: 1 }
        : value,
  );
  return new TextEncoder().encode(text);
}

/** {@link encodeExploration} read back. */
export function decodeExploration(bytes: Uint8Array): GrownExploration {
  return JSON.parse(new TextDecoder().decode(bytes), (_, value: unknown) => {
    if (typeof value !== "object" || value === null) return value;
    if ("float64" in value) return Float64Array.from(value.float64 as number[]);
    return "infinite" in value ? Infinity : value;
  }) as GrownExploration;
}

/** The bytes of a SQLite file of a network: the same network, the same bytes. */
export function databaseBytes(network: Network): Uint8Array {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "physlens-network-"));
  try {
    const file = path.join(folder, "network.sqlite");
    saveNetwork(file, network);
    return new Uint8Array(fs.readFileSync(file));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
