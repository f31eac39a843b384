import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { diskError, makeFolder, writeWhole } from "./disk.ts";
import { UserError } from "./errors.ts";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "physlens-disk-"));
});
afterEach(() => {
  vi.restoreAllMocks();
  fs.rmSync(folder, { recursive: true, force: true });
});

test("a file is written and replaced, and nothing else is left", () => {
  const file = path.join(folder, "a.txt");
  writeWhole(file, "first");
  writeWhole(file, new Uint8Array([115, 101, 99]));
  expect(fs.readFileSync(file, "utf8")).toBe("sec");
  expect(fs.readdirSync(folder)).toEqual(["a.txt"]);
});

/** Sends every write to /dev/full, where the kernel answers ENOSPC as a full disk does. */
function fillTheDisk(afterBytes: number): void {
  const write = fs.writeSync.bind(fs) as (fd: number, data: Uint8Array, offset: number, n?: number) => number;
  const full = fs.openSync("/dev/full", "w");
  let room = afterBytes;
  const limited = (fd: number, data: Uint8Array, offset = 0): number => {
    if (room === 0) return write(full, data, offset);
    const n = Math.min(room, data.length - offset);
    room -= n;
    return write(fd, data, offset, n);
  };
  vi.spyOn(fs, "writeSync").mockImplementation(limited as typeof fs.writeSync);
}

test.skipIf(!fs.existsSync("/dev/full"))(
  "a full disk leaves the older file whole and no part of the new one",
  () => {
    const file = path.join(folder, "a.txt");
    writeWhole(file, "older");
    fillTheDisk(3);
    expect(() => writeWhole(file, "a longer text")).toThrow(/a\.txt: the disk is full.*ENOSPC/);
    expect(fs.readFileSync(file, "utf8")).toBe("older");
    expect(fs.readdirSync(folder)).toEqual(["a.txt"]);
  },
);

test("places that cannot be written are named", () => {
  const file = path.join(folder, "file");
  fs.writeFileSync(file, "");
  const bad: [() => void, RegExp][] = [
    [() => writeWhole(path.join(folder, "nowhere", "a"), "x"), /nowhere.*no such file/],
    [() => writeWhole(path.join(file, "a"), "x"), /a part of the path is a file/],
    [() => makeFolder(path.join(file, "a")), /making the folder .*a part of the path is a file/],
    [() => makeFolder(file), /making the folder .*a part of the path is a file/],
    [() => makeFolder("/proc/physlens"), /\/proc\/physlens/],
  ];
  for (const [attempt, message] of bad) {
    expect(attempt).toThrow(UserError);
    expect(attempt).toThrow(message);
  }
});

test("an error that is no disk error passes unchanged", () => {
  const error = new TypeError("bug");
  expect(diskError(error, "writing")).toBe(error);
});
