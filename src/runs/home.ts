import os from "node:os";
import path from "node:path";

/** Where the run index, runs without `--out` and added data live: `$PHYSLENS_HOME`, else `~/.physlens`. */
export function physlensHome(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const set = env["PHYSLENS_HOME"];
  return path.resolve(set !== undefined && set !== "" ? set : path.join(os.homedir(), ".physlens"));
}
