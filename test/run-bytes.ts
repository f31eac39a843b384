import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** Every file of a run folder by its path, as text of its bytes; `timing.json`, which holds the times, left out. */
export function bytesOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map((entry) => path.join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(
    paths
      .map((file) => [path.relative(folder, file), readFileSync(file, "base64")] as const)
      .filter(([name]) => name !== "timing.json"),
  );
}
