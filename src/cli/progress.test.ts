import { expect, test } from "vitest";
import { progressDisplay } from "./progress.ts";

function recorded(isTTY: boolean) {
  const written: string[] = [];
  let clock = 0;
  const stream = { isTTY, columns: 60, write: (text: string) => written.push(text) };
  const display = progressDisplay(stream, () => clock);
  return { written, display, wait: (ms: number) => (clock += ms) };
}

test("without a terminal: a line every five seconds, with the time left at the speed so far", () => {
  const { written, display, wait } = recorded(false);
  for (let i = 0; i <= 20; i++) {
    display.listener({ fraction: 0.5 + i / 40, message: `step ${i}` });
    wait(1000);
  }
  // A resumed run: half was there before, so 5 s in it has done 1/8 and the remaining 3/8 need 15 s.
  expect(written).toEqual([
    " 50 %  step 0\n",
    " 62 %  15 s left  step 5\n",
    " 75 %  10 s left  step 10\n",
    " 87 %  5 s left  step 15\n",
    "100 %  step 20\n",
  ]);
});

test("on a terminal: one line that is redrawn, never wider than the terminal, and gone at the end", () => {
  const { written, display, wait } = recorded(true);
  display.listener({ fraction: 0, message: "m".repeat(100) });
  wait(2000);
  display.listener({ fraction: 0.5, message: "half" });
  display.say("a line that stays");
  display.close();
  expect(written.every((text) => !text.includes("\n") || text === "a line that stays\n")).toBe(true);
  expect(Math.max(...written.map((text) => text.length))).toBeLessThan(60);
  expect(written).toContain(`[${"#".repeat(12)}${"-".repeat(12)}] 50 %  2 s left  half`);
  expect(written.at(-1)).toBe("\r\x1b[K");
});
