import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sharedPath } from "../../../test/shared.ts";
import { addDataset, findDataset } from "../../data/store.ts";
import { nuclearDatasets } from "./datasets.ts";

const files = [
  ["ame2020", sharedPath("data/nuclear/mass.mas20.txt"), 3558],
  ["livechart", sharedPath("data/nuclear/ground_states.csv"), 3386],
  ["ws4", sharedPath("data/nuclear/WS4.txt"), 10_237],
] as const;

test.skipIf(files.some(([, path]) => !path))(
  "the real files are known editions, and only under their names",
  async () => {
    const home = mkdtempSync(join(tmpdir(), "physlens-datasets-"));
    try {
      for (const [name, path, rows] of files) {
        const { warnings } = await addDataset({ home, catalogue: nuclearDatasets, name, file: path! });
        expect(warnings).toEqual([]);
        expect((await findDataset({ home, catalogue: nuclearDatasets, name }))!.table.rows).toBe(rows);
        for (const [other, wrong] of files) {
          if (other === name) continue;
          const request = { home, catalogue: nuclearDatasets, name, file: wrong! };
          await expect(addDataset(request)).rejects.toMatchObject({ name: "UserError", exitCode: 1 });
        }
      }
    } finally {
      rmSync(home, { recursive: true });
    }
  },
);
