import type { Random } from "../../core/random.ts";
import type { ConformanceCase } from "../conformance.ts";
import type { nature } from "./about.ts";
import { symbolicLens } from "./lens.ts";
import type { SymbolicColumn, SymbolicSubject } from "./subject.ts";

const rows = 30;

/** Rows of a spring: a = −k·x/m with noise of 3 % of its deviation, and units; `law` false leaves the noise alone. */
export function springSubject(random: Random, { law }: { law: boolean }): SymbolicSubject {
  const column = (low: number, high: number) =>
    Float64Array.from({ length: rows }, () => low + (high - low) * random.uniform());
  const [k, m, x] = [column(1, 5), column(1, 5), column(-2, 2)];
  const values = k.map((_, i) => (law ? (-k[i]! * x[i]!) / m[i]! : 0) + (law ? 0.05 : 1.5) * random.normal());
  return {
    columns: [
      { name: "k", unit: "N/m", values: k },
      { name: "m", unit: "kg", values: m },
      { name: "x", unit: "m", values: x },
    ],
    target: { name: "a", unit: "m/s^2", values },
    data: "a simulated spring",
  };
}

const bent = (change: (good: SymbolicSubject) => SymbolicSubject) => (random: Random) =>
  change(springSubject(random, { law: true }));
const firstColumn = (change: (column: SymbolicColumn) => SymbolicColumn) =>
  bent((good) => ({ ...good, columns: [change(good.columns[0]!), ...good.columns.slice(1)] }));

/** Tries the symbolic lens on a spring, on noise, and on every kind of bad input. */
export const symbolicCase: ConformanceCase<SymbolicSubject, typeof nature.params> = {
  lens: symbolicLens,
  options: {
    operators: "add,sub,mul,div",
    evaluations: 1000,
    maxComplexity: 7,
    islands: 2,
    population: 24,
    nulls: 19,
    seeds: 1,
    bootstraps: 1,
  },
  planted: (random) => springSubject(random, { law: true }),
  control: (random) => springSubject(random, { law: false }),
  claims: ({ metrics }) => metrics["null.p"]! <= 0.05 && metrics["seeds.same_form"] === 1,
  bad: [
    { what: "no columns", subject: bent((good) => ({ ...good, columns: [] })), message: /no columns/ },
    {
      what: "three rows",
      subject: bent((good) => ({
        ...good,
        columns: good.columns.map((c) => ({ ...c, values: Array.from(c.values).slice(0, 3) })),
        target: { ...good.target, values: Array.from(good.target.values).slice(0, 3) },
      })),
      message: /3 rows; expected at least 4/,
    },
    {
      what: "a constant column",
      subject: firstColumn((c) => ({ ...c, values: new Float64Array(rows).fill(2) })),
      message: /column 'k' is 2 in every row; leave it out/,
    },
    {
      what: "a constant target",
      subject: bent((good) => ({ ...good, target: { ...good.target, values: new Float64Array(rows) } })),
      message: /target 'a' is 0 in every row; there is nothing to explain/,
    },
    {
      what: "a column twice",
      subject: bent((good) => ({ ...good, columns: [...good.columns, { ...good.columns[1]!, name: "m2" }] })),
      message: /column 'm2' equals column 'm' in every row; leave one out/,
    },
    {
      what: "the target among the columns",
      subject: bent((good) => ({ ...good, columns: [...good.columns, { ...good.target, name: "b" }] })),
      message: /target 'a' equals column 'b' in every row; the target can be read off/,
    },
    {
      what: "a NaN",
      subject: firstColumn((c) => ({ ...c, values: Array.from(c.values).with(6, Number.NaN) })),
      message: /column 'k', row 7: NaN/,
    },
    {
      what: "a value too few",
      subject: firstColumn((c) => ({ ...c, values: Array.from(c.values).slice(1) })),
      message: /column 'k' has 29 values, the target 30/,
    },
    {
      what: "a name that is no name",
      subject: firstColumn((c) => ({ ...c, name: "spring constant" })),
      message: /column 'spring constant': a name is made of letters/,
    },
    {
      what: "a name twice",
      subject: firstColumn((c) => ({ ...c, name: "m" })),
      message: /the name 'm' stands for two columns/,
    },
    {
      what: "a unit that does not parse",
      subject: firstColumn((c) => ({ ...c, unit: "N/meter" })),
      message: /column 'k': unknown unit 'meter'.*character 3/,
    },
    {
      what: "a unit for some columns only",
      subject: bent(({ target: { unit: _, ...target }, ...good }) => ({ ...good, target })),
      message: /column 'a' has no unit and 'k' has one/,
    },
    {
      what: "a negative uncertainty",
      subject: bent((good) => ({
        ...good,
        target: { ...good.target, uncertainty: new Float64Array(rows).fill(1).with(3, -1) },
      })),
      message: /target 'a', row 4: an uncertainty of -1/,
    },
    {
      what: "uncertainties of a column alone",
      subject: firstColumn((c) => ({ ...c, uncertainty: new Float64Array(rows).fill(0.1) })),
      message: /column 'k' has uncertainties and target 'a' has none/,
    },
    {
      what: "the extremes of a column that is not there",
      subject: bent((good) => ({ ...good, extremeColumn: "t" })),
      message: /no column 't' to hold the extremes of; there are: k, m, x/,
    },
    {
      what: "an operator that is not there",
      options: { operators: "add,mul,sine" },
      message: /option 'operators': the operator 'sine' is not in the operator set/,
    },
    {
      what: "operators of one argument alone",
      options: { operators: "sin,cos" },
      message: /'sin,cos' has no operator of two arguments/,
    },
    {
      what: "an operator twice",
      options: { operators: "add,mul,add" },
      message: /'add' is there twice/,
    },
  ],
};
