import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { UserError } from "../core/errors.ts";
import { parseParams } from "../core/params.ts";
import { random } from "../core/random.ts";
import { Cancelled, createTask, quietTask } from "../core/task.ts";
import { memoryStore } from "../runs/memory-store.ts";
import { columnHead } from "./discover/column-head.ts";
import { readTable } from "./discover/read-table.ts";
import { discoverStudy } from "./discover.ts";

const folder = mkdtempSync(join(tmpdir(), "physlens-discover-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** F = m·g with g = 9.81 and columns of a table that somebody measured. */
const source = random(4, "discover test");
const rows = Array.from({ length: 24 }, () => {
  const [m, t] = [1 + 4 * source.uniform(), 20 + source.uniform()];
  return [m, t, 9.81 * m + 0.05 * source.normal(), 0.05];
});
const csv = (head: string) => `${head}\n${rows.map((row) => row.join(",")).join("\n")}\n`;
const table = file("force.csv", csv("mass [kg],room temperature (K),force [N],force_err [N]"));

const options = (more: Record<string, unknown> = {}) =>
  parseParams(discoverStudy.params, {
    data: table,
    target: "force",
    sigma: "force_err",
    operators: "add,mul,div",
    evaluations: 1000,
    maxComplexity: 7,
    islands: 2,
    population: 24,
    nulls: 19,
    seeds: 1,
    bootstraps: 1,
    dummies: 1,
    ...more,
  });
const run = (
  given = options(),
  more: { checkpoints?: ReturnType<typeof memoryStore>; task?: typeof quietTask } = {},
) =>
  discoverStudy.run(given, {
    task: quietTask,
    random: random(0),
    seed: 0,
    checkpoints: memoryStore(),
    threads: 0,
    say: () => {},
    ...more,
  });

describe("the study discover", () => {
  it("finds the law of a table with units and errors, and says how far to trust it", async () => {
    const result = await run();
    const [claim] = result.claims!;
    expect(claim!.claim).toMatchObject({ kind: "equation", unit: "N", output: "force" });
    expect(claim!.claim.kind === "equation" && claim!.claim.text).toMatch(/^9\.8\d*\*mass$|^mass\*9\.8\d*$/);
    expect(claim!.claim.kind === "equation" && claim!.claim.points[0]).toBe("line 2");
    expect(result.sections[1]!.metrics["units.violations"]).toBe(0);
    expect(result.summary.at(-1)).toMatch(/^The card says: /);
    expect(result.sections[1]!.diagnostics.map(({ message }) => message)).toContain(
      "Column 'room temperature (K)' is called room_temperature in formulas.",
    );
    expect(result.provenance[0]).toMatchObject({
      name: "force.csv",
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(JSON.stringify(result.summary)).not.toContain(folder);
    const front = JSON.parse(new TextDecoder().decode(result.files[0]!.bytes)) as { formula: string }[];
    expect(front.length).toBeGreaterThan(1);
  });

  it("goes on from the searches that an interrupted run has finished, to the same result", async () => {
    const whole = await run();
    const checkpoints = memoryStore();
    const stop = new AbortController();
    const task = createTask({
      signal: stop.signal,
      listener: ({ fraction }) => {
        if (fraction > 0.1) stop.abort();
      },
    });
    await expect(run(options(), { checkpoints, task })).rejects.toBeInstanceOf(Cancelled);
    expect(checkpoints.read("search/discover/main")).toBeDefined();
    const resumed = await run(options(), { checkpoints });
    expect(resumed.sections[1]!.metrics).toEqual(whole.sections[1]!.metrics);
    expect(resumed.summary).toEqual(whole.summary);
  });

  it("starts every search from the formulas that were guessed", async () => {
    const names = ["p", "q"];
    const draw = random(8);
    const lines = Array.from({ length: 40 }, () => {
      const [p, q] = [1 + draw.uniform(), 1 + draw.uniform()];
      return `${p},${q},${p * Math.cos(2.3 * q * p) - Math.exp(0.7 * q)}`;
    });
    const data = file("guess.csv", `${names.join(",")},y\n${lines.join("\n")}\n`);
    const given = { data, target: "y", sigma: "", operators: "add,sub,mul,cos,exp", maxComplexity: 15 };
    const without = await run(options(given));
    const guessed = await run(options({ ...given, guess: "p*cos(2*q*p) - exp(0.5*q); p + q" }));
    const rms = (of: typeof without) => of.sections[1]!.metrics["law.rms"]!;
    expect(rms(guessed)).toBeLessThan(1e-6);
    expect(rms(without)).toBeGreaterThan(1e-3);
  });

  it("says what the run will cost", () => {
    const { note, seconds } = discoverStudy.estimate(options(), 2);
    expect(note).toMatch(/^25 searches of 1,000 evaluations/);
    expect(seconds).toBeGreaterThan(0);
    const long = file("long.csv", `x,y\n${"1,2\n".repeat(900)}`);
    const more = discoverStudy.estimate(options({ data: long, evaluations: 1e6 }), 2).seconds;
    expect(more).toBeGreaterThan(5 * discoverStudy.estimate(options({ evaluations: 1e6 }), 2).seconds);
    expect(discoverStudy.estimate(options({ data: folder }), 2).seconds).toBeGreaterThan(0);
  });
});

describe("readTable", () => {
  it("takes units from the header or from a file, and standard deviations of columns", () => {
    const units = file("units.csv", "name,unit\nmass,g\nforce,N\nroom temperature (K),K\n");
    const { subject } = readTable(options({ units, columnSigmas: "mass:force_err" }));
    expect(subject.columns.map(({ name, unit }) => [name, unit])).toEqual([
      ["mass", "g"],
      ["room_temperature", "K"],
    ]);
    expect(subject.target.uncertainty).toEqual(new Float64Array(24).fill(0.05));
    expect(subject.columns[0]!.uncertainty).toHaveLength(24);
    expect(readTable(options({ columns: "mass" })).subject.columns).toHaveLength(1);
  });

  it("takes titles apart", () => {
    expect(columnHead("mass [kg]", "t")).toEqual({ name: "mass", unit: "kg" });
    expect(columnHead("spring constant (N/m)", "t")).toEqual({ name: "spring_constant", unit: "N/m" });
    expect(columnHead("x", "t")).toEqual({ name: "x", unit: undefined });
    expect(columnHead("ratio []", "t")).toEqual({ name: "ratio", unit: "" });
    expect(() => columnHead("1st", "t.csv, line 1")).toThrow(
      /t\.csv, line 1: the column title "1st" gives no name/,
    );
  });
});

describe("bad input is refused by name, line and column", () => {
  const body = (x: string) => `a,b,y\n1,2,3\n2,${x},5\n4,1,9\n7,3,2\n8,5,1\n`;
  const bad: [what: string, given: () => Record<string, unknown>, message: RegExp][] = [
    ["no file", () => ({ data: join(folder, "none.csv") }), /option 'data': no file '.*none\.csv'/],
    ["a folder", () => ({ data: folder }), /option 'data': no file/],
    ["no data", () => ({ data: "" }), /option 'data' is missing/],
    [
      "no target",
      () => ({ target: "" }),
      /option 'target' is missing; force\.csv has the columns mass, room_temp/,
    ],
    ["an unknown target", () => ({ target: "forse" }), /has no column 'forse'; did you mean 'force'/],
    ["the target as a column", () => ({ columns: "mass,force" }), /'force' is the target; leave it out/],
    [
      "text in a numeric column",
      () => ({ data: file("t1.csv", body("red")), target: "y", sigma: "" }),
      /t1\.csv, line 3, column 'b': "red"; expected a number; leave the column out with --columns a, or the row/,
    ],
    [
      "NaN",
      () => ({ data: file("t2.csv", body("NaN")), target: "y", sigma: "" }),
      /t2\.csv, line 3, column 'b': "NaN"; expected a number/,
    ],
    [
      "a blank field of the target",
      () => ({ data: file("t3.csv", "a,y\n1,2\n3,\n4,5\n6,7\n"), target: "y", sigma: "" }),
      /t3\.csv, line 3, column 'y': ""; expected a number; mend the field/,
    ],
    [
      "a constant column",
      () => ({ data: file("t4.csv", "a,b,y\n1,2,3\n2,2,5\n4,2,9\n7,2,2\n"), target: "y", sigma: "" }),
      /t4\.csv, lines 2 to 5, column 'b': 2 in every row; leave it out with --columns/,
    ],
    [
      "equal columns",
      () => ({ data: file("t5.csv", "a,b,y\n1,1,3\n2,2,5\n4,4,9\n7,7,2\n"), target: "y", sigma: "" }),
      /column 'b': equals column 'a' in every row; leave one out/,
    ],
    [
      "a name twice",
      () => ({ data: file("t6.csv", "a,a,y\n1,1,3\n"), target: "y", sigma: "" }),
      /t6\.csv, line 1: column 'a' is there twice/,
    ],
    [
      "two titles of one name",
      () => ({ data: file("t7.csv", "a [m],a (s),y\n1,1,3\n"), target: "y", sigma: "" }),
      /t7\.csv, line 1, column 'a \(s\)': the name a stands for column 'a \[m\]' already/,
    ],
    [
      "a unit that does not parse",
      () => ({
        data: file("t8.csv", "a [metres],y [s]\n1,3\n2,5\n4,9\n7,2\n"),
        target: "y",
        sigma: "",
      }),
      /t8\.csv, line 1, column 'a \[metres\]': unknown unit 'metres'.*at character 1/,
    ],
    [
      "a unit for one column alone",
      () => ({ data: file("t9.csv", "a,y [s]\n1,3\n2,5\n4,9\n7,2\n"), target: "y", sigma: "" }),
      /t9\.csv, line 1, column 'a': no unit, but other columns have one; write a \[1\]/,
    ],
    [
      "a unit of a column that is not there",
      () => ({ units: file("u1.csv", "name,unit\nmas,kg\n") }),
      /u1\.csv, line 2, column 'name': the data have no column 'mas'; did you mean 'mass'/,
    ],
    [
      "a units file without its columns",
      () => ({ units: file("u2.csv", "column,unit\nmass,kg\n") }),
      /u2\.csv, line 1: expected the columns 'name' and 'unit'/,
    ],
    [
      "a deviation of zero",
      () => ({ data: file("t10.csv", "a,y,e\n1,3,0.1\n2,5,0\n4,9,1\n7,2,1\n"), target: "y", sigma: "e" }),
      /t10\.csv, line 3, column 'e': a standard deviation of 0; expected a positive number/,
    ],
    [
      "a guess that does not read",
      () => ({ guess: "mass*gravity" }),
      /option 'guess': parse: the name 'gravity' is neither a variable nor a known number/,
    ],
    [
      "a guess with an operator that the search does not have",
      () => ({ guess: "sin(mass)" }),
      /the guess sin\(mass\) holds 'sin', which is not among the operators of the search: add, mul, div/,
    ],
    [
      "a guess that does not balance",
      () => ({ guess: "mass + room_temperature" }),
      /the guess mass \+ room_temperature does not balance in its units: .*kg and K do not go together/,
    ],
    ["pairs that are none", () => ({ columnSigmas: "mass" }), /expected pairs such as x:x_err, got 'mass'/],
    [
      "a cut file",
      () => ({ data: file("t11.csv", "a,y\n1,3\n2\n"), target: "y", sigma: "" }),
      /t11\.csv, line 3: 1 fields, expected 2 as in the header; the file may be cut/,
    ],
    [
      "more variables than the budget can search",
      () => {
        const names = Array.from({ length: 12 }, (_, i) => `v${i}`);
        const draw = random(1);
        const lines = Array.from({ length: 20 }, () => {
          const values = names.map(() => draw.uniform());
          return [...values, values[7]! ** 3].join(",");
        });
        return {
          data: file("t12.csv", `${names.join(",")},y\n${lines.join("\n")}\n`),
          target: "y",
          sigma: "",
          evaluations: 40_000,
        };
      },
      /12 columns are too many for searches of 40000 evaluations, which reach about 4 \(10000 each\).*\n {2}--columns v7,v\d+,v\d+,v\d+\n.*--evaluations 120000/,
    ],
  ];
  it.each(bad)("%s", async (_, given, message) => {
    const outcome = await (async () => run(options(given())))().catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(UserError);
    expect((outcome as UserError).message).toMatch(message);
  });
});
