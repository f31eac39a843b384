import { existsSync } from "node:fs";
import path from "node:path";
import { loadNetwork, saveNetwork } from "../../../data/stationary-points.ts";
import type { NetworkShelf } from "./compare.ts";

/** Networks in a folder that is there already, a SQLite file for each label: a comparison can be stopped and gone on with. */
export function sqliteShelf(folder: string): NetworkShelf {
  const file = (label: string) => {
    const name = label.toLowerCase().replace(/[^\p{L}\p{N}.]+/gu, "-");
    return path.join(folder, `${name.replace(/^-|-$/g, "")}.sqlite`);
  };
  return {
    load: (label) => (existsSync(file(label)) ? loadNetwork(file(label)) : undefined),
    save: (label, network) => saveNetwork(file(label), network),
  };
}
