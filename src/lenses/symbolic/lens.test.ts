import { describe, expect, it } from "vitest";
import { assembleReportClaims } from "../../claims/report-claims.ts";
import { parseParams } from "../../core/params.ts";
import { random } from "../../core/random.ts";
import { quietTask } from "../../core/task.ts";
import { compareValues } from "../../expressions/equivalent.ts";
import { parse } from "../../expressions/parse.ts";
import { print } from "../../expressions/print.ts";
import { renderFigure } from "../../report/render-figure.ts";
import { springSubject } from "./conformance-case.ts";
import { falseDiscovery, noiseVerdict } from "./evidence/false-discovery.ts";
import { readable } from "./law-text.ts";
import { symbolicLens } from "./lens.ts";
import { operatorGaps } from "./operators.ts";
import { dummyColumns, settingsOf } from "./requests.ts";
import { type SearchRequest, searchHere } from "./runner.ts";
import { problemOf, type SymbolicSubject } from "./subject.ts";

const quick = {
  operators: "add,sub,mul,div",
  evaluations: 2000,
  maxComplexity: 9,
  islands: 2,
  population: 24,
  nulls: 19,
  seeds: 2,
  bootstraps: 2,
};
const look = (subject: SymbolicSubject, more: Record<string, unknown> = {}) =>
  symbolicLens.look(subject, parseParams(symbolicLens.params, { ...quick, ...more }), {
    task: quietTask,
    random: random(1),
  });
const names = ["k", "m", "x"];

describe("the symbolic lens on a spring", () => {
  it("finds the law, and fills a card that supports it", async () => {
    const asked: SearchRequest[] = [];
    const subject: SymbolicSubject = {
      ...springSubject(random(2, "lens test"), { law: true }),
      truth: { law: parse("-k*x/m", { names }), source: "the spring's law" },
      run: (requests, task) => {
        asked.push(...requests);
        return searchHere(requests, task);
      },
    };
    const findings = await look(subject);
    const [claim] = assembleReportClaims(findings.claims!);
    expect(claim!.claim).toMatchObject({ kind: "equation", text: "-k*x/m", unit: "m/s^2", output: "a" });
    expect(claim!.verdict.word).toBe("supported");
    expect(claim!.card.null).toMatchObject([
      { exceedances: 0, rounds: 19, p: 0.05, floor: 0.05 },
      { exceedances: 0, rounds: 19 },
    ]);
    expect(claim!.card.truth).toMatchObject([{ score: 1 }]);
    expect(findings.metrics).toMatchObject({
      "units.violations": 0,
      "dummies.used": 0,
      "singularities.certain": 0,
      "seeds.same_form": 1,
      searches: 27,
    });
    // Every search has the same budget, and no two the same seed.
    expect(new Set(asked.map(({ settings }) => JSON.stringify(settings))).size).toBe(1);
    expect(new Set(asked.map(({ seed }) => seed)).size).toBe(27);
    // Nothing that was held out is searched on.
    const held = asked.find(({ name }) => name === "held-out")!.problem.target;
    expect(held.length).toBe(24);
    for (const figure of findings.figures) expect(renderFigure(figure), figure.name).toMatch(/^<svg/);
  });

  it("weighs stated errors, and complains of wrong ones", async () => {
    const base = springSubject(random(3, "lens test"), { law: true });
    const uncertainty = new Float64Array(30).fill(0.05);
    const right = await look(
      { ...base, target: { ...base.target, uncertainty } },
      { seeds: 1, bootstraps: 1 },
    );
    expect(right.diagnostics.some(({ message }) => message.startsWith("χ²"))).toBe(false);
    const small = await look(
      { ...base, target: { ...base.target, uncertainty: uncertainty.map((s) => s / 5) } },
      { seeds: 1, bootstraps: 1 },
    );
    expect(small.diagnostics.find(({ message }) => message.startsWith("χ²"))!.message).toMatch(/too small/);
  });

  it("names claims, metrics and files after the subject's id", async () => {
    const findings = await look({ ...springSubject(random(2), { law: true }), id: "spring" });
    expect(Object.keys(findings.metrics).every((name) => name.startsWith("spring."))).toBe(true);
    expect(findings.claims![0]!.claim.id).toBe("spring.law");
    expect([...findings.figures, ...findings.tables].every(({ name }) => name.startsWith("spring-"))).toBe(
      true,
    );
  });
});

describe("six points", () => {
  it("find Kepler's law, and a card that does not call it supported", async () => {
    // Kepler's six planets as in the catalogue: a in AU, P in days.
    const a = [0.389, 0.724, 1, 1.524, 5.2, 9.51];
    const values = [87.77, 224.7, 365.25, 686.95, 4332.62, 10759.2];
    const findings = await look(
      {
        columns: [{ name: "a", unit: "AU", values: a }],
        target: { name: "P", unit: "d", values },
        data: "six planets",
        truth: { law: parse("365.25*a*sqrt(a)", { names: ["a"] }), source: "Kepler's third law" },
      },
      { operators: "add,sub,mul,div,sqrt,square", evaluations: 3000 },
    );
    const [claim] = assembleReportClaims(findings.claims!);
    expect(claim!.claim.kind === "equation" && claim!.claim.text).toMatch(/^36[5-8][\d.]*\*/);
    expect(findings.metrics["law.r2"]).toBeGreaterThan(0.9999);
    expect(claim!.card.truth).toMatchObject([{ score: expect.closeTo(1, 3) }]);
    expect(findings.diagnostics.find(({ message }) => message.startsWith("6 rows"))!.message).toMatch(
      /leave \d degrees of freedom/,
    );
    expect(claim!.claim.statement).toMatch(/in 6 rows/);
    expect(claim!.verdict.word).toBe("mixed");
  });
});

describe("false discovery", () => {
  const options = parseParams(symbolicLens.params, {
    ...quick,
    evaluations: 1000,
    maxComplexity: 7,
    seeds: 1,
    bootstraps: 1,
  });

  it("believes no more than one in twenty tables of noise", async () => {
    const found = await falseDiscovery({
      tables: 6,
      seed: 1,
      rows: 12,
      variables: 2,
      options,
      task: quietTask,
    });
    expect(found.tables).toBe(6);
    expect(found.share).toBe(found.supported / 6);
    // At 5 %, two of six happen in 3 % of all cases.
    expect(found.supported).toBeLessThan(2);
  });

  it("ends a null test early only where the whole card says the same", async () => {
    const input = { table: 0, seed: 5, rows: 20, variables: 2, options };
    const early = await noiseVerdict(input, quietTask);
    expect(early.draws).toBeLessThan(19);
    const { noiseTable } = await import("./evidence/false-discovery.ts");
    const source = random(5, "noise table", 0);
    const whole = await symbolicLens.look(noiseTable(input, source.fork("values")), options, {
      task: quietTask,
      random: source.fork("lens"),
    });
    expect(assembleReportClaims(whole.claims!)[0]!.verdict.word).toBe(early.word);
  });

  it("refuses reruns that cannot reach 0.05", async () => {
    const few = { ...options, nulls: 18 };
    await expect(
      falseDiscovery({ tables: 1, seed: 1, rows: 20, variables: 2, options: few, task: quietTask }),
    ).rejects.toThrow(/18 reruns cannot reach p = 0.05; expected at least 19/);
  });
});

describe("small parts", () => {
  it("the budget is counted on up to 1000 rows", () => {
    const options = parseParams(symbolicLens.params, { evaluations: 50_000 });
    expect(settingsOf(options, ["add"], 1000).evaluations).toBe(50_000);
    expect(settingsOf(options, ["add"], 5000).evaluations).toBe(10_000);
  });

  it("dummy columns hold the values of a column in another order, under names of their own", () => {
    const problem = problemOf(springSubject(random(1), { law: true }));
    const made = dummyColumns({ ...problem, names: ["dummy1", "m", "x"] }, 4, random(1));
    expect(made.map(({ name }) => name)).toEqual(["dummy_1", "dummy_2", "dummy_3", "dummy_4"]);
    made.forEach(({ values, like }, k) => {
      expect(like).toBe(k % 3);
      expect(values.toSorted()).toEqual(problem.columns[like]!.toSorted());
      expect(values).not.toEqual(problem.columns[like]);
    });
  });

  it("operatorGaps names operator, column and row", () => {
    const columns = [Float64Array.of(1, 2), Float64Array.of(3, -4)];
    expect(operatorGaps(["add", "sqrt", "exp"], { columns, names: ["a", "b"] })).toEqual([
      { operator: "sqrt", column: "b", row: 1, value: -4 },
    ]);
  });

  it("readable writes signs and differences, and keeps the value", () => {
    for (const [text, expected] of [
      ["-1*k*x", "-k*x"],
      ["k*-1", "-k"],
      ["-k/(0 - m)", "k/m"],
      ["k + (-2.5)", "k - 2.5"],
      ["k - (-2.5)", "k + 2.5"],
      ["1*k*x", "k*x"],
      ["-2.5 + k", "k - 2.5"],
    ] as const) {
      const tree = parse(text, { names });
      const made = print(readable(tree), { names });
      expect(made, text).toBe(expected);
      expect(compareValues(tree, readable(tree)).numeric, text).toBe(true);
    }
  });
});
