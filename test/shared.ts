import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of this checkout. */
export const repositoryRoot = resolve(fileURLToPath(new URL("..", import.meta.url)));
const shared = resolve(repositoryRoot, process.env["PHYSLENS_SHARED"] ?? "../shared");

/**
 * The path of a reference file (`data/nuclear/WS4.txt`) in the folder named by PHYSLENS_SHARED, by default `shared`
 * beside the checkout; undefined, with a warning that names it, if it is not there.
 */
export function sharedPath(relative: string): string | undefined {
  const path = resolve(shared, relative);
  if (existsSync(path)) return path;
  console.warn(`skipped: reference data ${path} is absent (set PHYSLENS_SHARED to its folder)`);
  return undefined;
}
