import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { parseCsv } from "./csv.ts";
import { sha256 } from "./sha256.ts";
import { addDataset, type Catalogue, findDataset } from "./store.ts";

const good = "z,b\n1,2.5\n";
const newer = "z,b\n1,2.6\n";
const encode = (text: string) => new TextEncoder().encode(text);
let server: Server;
let base = "";
let folder = "";
let home = "";
let catalogue: Catalogue;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === "/good") response.end(good);
    else if (request.url === "/moved") response.writeHead(302, { Location: "/good" }).end();
    else if (request.url === "/newer") response.end(newer);
    else if (request.url === "/broken") {
      response.writeHead(200, { "Content-Length": 100 });
      response.write("z,b\n");
      setTimeout(() => response.destroy(), 20);
    } else response.writeHead(404).end("no such table");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const read = (bytes: Uint8Array, source: string) =>
    parseCsv(bytes, {
      source,
      columns: { z: { kind: "number", unit: "" }, b: { kind: "number", unit: "keV" } },
    });
  const common = {
    title: "t",
    file: "table.csv",
    sha256: [sha256(encode(good))],
    citation: "Someone (2020)",
    read,
  };
  catalogue = {
    fixed: { ...common, checksum: "fixed", url: `${base}/good` },
    live: { ...common, checksum: "live", url: `${base}/newer`, license: "CC0" },
    byhand: { ...common, checksum: "fixed" },
  };
});
afterAll(() => server.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "physlens-store-"));
  home = join(folder, "home");
  return () => rmSync(folder, { recursive: true });
});

test("a downloaded set is stored with its provenance and found again", async () => {
  expect(await findDataset({ home, catalogue, name: "fixed" })).toBeUndefined();
  const { dataset, warnings } = await addDataset({ home, catalogue, name: "fixed", download: true });
  expect(warnings).toEqual([]);
  expect(readdirSync(join(home, "data", "fixed")).sort()).toEqual(["provenance.json", "table.csv"]);
  expect(JSON.parse(readFileSync(join(home, "data", "fixed", "provenance.json"), "utf8"))).toEqual({
    name: "fixed",
    source: `${base}/good`,
    sha256: sha256(encode(good)),
    citation: "Someone (2020)",
    file: "table.csv",
    bytes: good.length,
    knownEdition: true,
  });
  const found = await findDataset({ home, catalogue, name: "fixed" });
  expect(new Uint8Array(found!.bytes)).toEqual(encode(good));
  expect({ ...found, bytes: 0 }).toEqual({ ...dataset, bytes: 0 });
  await addDataset({ home, catalogue, name: "fixed", download: `${base}/moved` });
});

test("a file is taken by name only, and a live set with another checksum warns", async () => {
  const file = join(folder, "mine.csv");
  writeFileSync(file, good);
  const { dataset } = await addDataset({ home, catalogue, name: "byhand", file });
  expect(dataset.provenance.source).toBe("mine.csv");
  const live = await addDataset({ home, catalogue, name: "live", download: true });
  expect(live.warnings[0]).toContain(`SHA-256 ${sha256(encode(newer))} is not that of an edition known here`);
  expect((await findDataset({ home, catalogue, name: "live" }))!.provenance.license).toBe("CC0");
});

test("what is bad is refused by name and leaves what was there", async () => {
  await addDataset({ home, catalogue, name: "fixed", download: true });
  const before = readFileSync(join(home, "data", "fixed", "provenance.json"), "utf8");
  const put = (text: string, name = "bad.csv") => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  const port = createServer();
  await new Promise<void>((done) => port.listen(0, "127.0.0.1", done));
  const closed = `http://127.0.0.1:${(port.address() as AddressInfo).port}/x`;
  await new Promise((done) => port.close(done));
  type Request = Omit<Parameters<typeof addDataset>[0], "home" | "catalogue">;
  const cases: [Request, string, number][] = [
    [{ name: "nope", download: true }, "unknown data set 'nope'; known: fixed, live, byhand", 2],
    [{ name: "constructor", download: true }, "unknown data set 'constructor'", 2],
    [{ name: "fixed" }, "say either --file F or --download", 2],
    [{ name: "fixed", download: true, file: put(good, "good.csv") }, "say either --file F or --download", 2],
    [{ name: "byhand", download: true }, "not offered for download", 2],
    [{ name: "fixed", file: join(folder, "absent.csv") }, "absent.csv: there is no such file", 1],
    [{ name: "fixed", file: put("z,b\n1\n") }, "bad.csv, line 2: 1 fields, expected 2", 1],
    [
      { name: "fixed", file: put(newer, "newer.csv") },
      "if you trust the file, add it with --any-checksum",
      1,
    ],
    [{ name: "fixed", download: closed }, "without network get the file elsewhere and use --file F", 1],
    [{ name: "fixed", download: `${base}/absent` }, "the server answered 404", 1],
    [{ name: "fixed", download: `${base}/broken` }, "broke off after 4 bytes", 1],
  ];
  for (const [request, message, exitCode] of cases) {
    await expect(addDataset({ home, catalogue, ...request })).rejects.toMatchObject({
      name: "UserError",
      exitCode,
      message: expect.stringContaining(message),
    });
  }
  expect(readFileSync(join(home, "data", "fixed", "provenance.json"), "utf8")).toBe(before);
  expect(readdirSync(join(home, "data", "fixed")).length).toBe(2);
  const taken = await addDataset({ home, catalogue, name: "fixed", file: put(newer), anyChecksum: true });
  expect(taken.warnings.length).toBe(1);
});

test("a store that cannot be written or was changed is said so", async () => {
  mkdirSync(home);
  writeFileSync(join(home, "data"), "in the way");
  await expect(addDataset({ home, catalogue, name: "fixed", download: true })).rejects.toThrow(
    "a part of the path is a file and not a folder",
  );
  rmSync(join(home, "data"));
  const { dataset } = await addDataset({ home, catalogue, name: "fixed", download: true });
  writeFileSync(dataset.path, newer);
  await expect(findDataset({ home, catalogue, name: "fixed" })).rejects.toThrow("SHA-256 differs");
  rmSync(dataset.path);
  await expect(findDataset({ home, catalogue, name: "fixed" })).rejects.toThrow(
    "missing or unreadable; add it again",
  );
});

test("a cancelled download stops", async () => {
  const signal = AbortSignal.abort(new Error("stop"));
  const request = { home, catalogue, name: "fixed", download: true, signal };
  await expect(addDataset(request)).rejects.toThrow("stop");
});
