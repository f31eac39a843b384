import { UserError } from "../core/errors.ts";
import { defaults, type Params, parseParams, type Values } from "../core/params.ts";
import { type Random, random } from "../core/random.ts";
import { Cancelled, createTask, quietTask } from "../core/task.ts";
import type { Findings, Lens } from "./contract.ts";

/** What the conformance suite needs to know to try a lens. */
export interface ConformanceCase<Subject, P extends Params = Params> {
  lens: Lens<Subject, P>;
  /** Options that make the lens quick. */
  options: Partial<Values<P>>;
  /** A subject that has what the lens looks for. */
  planted(random: Random): Subject;
  /** A randomised subject of the same shape that has not. */
  control(random: Random): Subject;
  /** Do these findings say that it is there? */
  claims(findings: Findings): boolean;
  /** Subjects or options the lens must refuse, with words its message has to hold. */
  bad: readonly {
    what: string;
    subject?: (random: Random) => Subject;
    options?: Readonly<Record<string, unknown>>;
    message: RegExp;
  }[];
}

/** The checks every lens passes. Each gives the complaints it has; none means that the lens conforms. */
export const conformanceChecks = {
  described,
  deterministic,
  cancellable,
  honest,
  "refuses bad input by name": refuses,
};

async function described<S, P extends Params>({ lens }: ConformanceCase<S, P>): Promise<string[]> {
  const complaints: string[] = [];
  const want = (ok: boolean, complaint: string) => {
    if (!ok) complaints.push(`${lens.name}: ${complaint}`);
  };
  want(/^[a-z][a-z0-9-]*$/.test(lens.name), "the name is not in lower case with dashes");
  want(lens.question.endsWith("?"), "the question does not end in a question mark");
  want(lens.citations.length > 0, "no citation");
  for (const { text, bibtex } of lens.citations) {
    want(/\d{4}/.test(text), `citation without a year: ${text}`);
    want(/^@\w+\{[\s\S]*\}\s*$/.test(bibtex), `BibTeX that is none: ${bibtex.slice(0, 40)}`);
  }
  for (const [name, param] of Object.entries(lens.params)) {
    want(/\.$/.test(param.help), `the help of parameter '${name}' is not a sentence`);
  }
  parseParams(lens.params, defaults(lens.params));
  return complaints;
}

async function deterministic<S, P extends Params>(trial: ConformanceCase<S, P>): Promise<string[]> {
  const [one, two, other] = [await run(trial, 1), await run(trial, 1), await run(trial, 1, 2)];
  const complaints: string[] = [];
  if (serialise(one) !== serialise(two)) complaints.push(`${trial.lens.name}: one seed gave two findings`);
  const names = (findings: Findings) => Object.keys(findings.metrics).join();
  if (names(one) !== names(other))
    complaints.push(`${trial.lens.name}: a seed changes which metrics there are`);
  for (const [name, value] of Object.entries(one.metrics)) {
    if (!Number.isFinite(value)) complaints.push(`${trial.lens.name}: metric ${name} is ${value}`);
  }
  const files = [...one.figures, ...one.tables].map(({ name }) => name);
  if (new Set(files).size < files.length)
    complaints.push(`${trial.lens.name}: two files are called the same`);
  return complaints;
}

async function cancellable<S, P extends Params>(trial: ConformanceCase<S, P>): Promise<string[]> {
  const complaints: string[] = [];
  const expectCancelled = async (when: string, task: ReturnType<typeof createTask>) => {
    const outcome = await run(trial, 1, 1, task).catch((error: unknown) => error);
    if (!(outcome instanceof Cancelled))
      complaints.push(`${trial.lens.name}: went on when told to stop ${when}`);
  };
  await expectCancelled("before it began", createTask({ signal: AbortSignal.abort() }));
  const fractions: number[] = [];
  const stop = new AbortController();
  await expectCancelled(
    "at its first sign of progress",
    createTask({
      signal: stop.signal,
      listener: ({ fraction }) => {
        fractions.push(fraction);
        stop.abort();
      },
    }),
  );
  if (fractions.length === 0) complaints.push(`${trial.lens.name}: never reported progress`);
  return complaints;
}

async function honest<S, P extends Params>(trial: ConformanceCase<S, P>): Promise<string[]> {
  const complaints: string[] = [];
  const rounds = 8;
  let found = 0;
  for (let seed = 1; seed <= rounds; seed++) {
    const task = quietTask;
    const options = optionsOf(trial);
    const context = { task, random: random(seed, "honest") };
    if (!trial.claims(await trial.lens.look(trial.planted(random(seed, "planted")), options, context))) {
      complaints.push(`${trial.lens.name}: missed what was planted with seed ${seed}`);
    }
    if (trial.claims(await trial.lens.look(trial.control(random(seed, "control")), options, context)))
      found++;
  }
  if (found > 1)
    complaints.push(`${trial.lens.name}: claims a finding in ${found} of ${rounds} random controls`);
  return complaints;
}

async function refuses<S, P extends Params>(trial: ConformanceCase<S, P>): Promise<string[]> {
  const complaints: string[] = [];
  for (const { what, subject = trial.planted, options = {}, message } of trial.bad) {
    const attempt = async () => {
      const values = parseParams(trial.lens.params, { ...trial.options, ...options });
      return trial.lens.look(subject(random(1, "bad")), values, { task: quietTask, random: random(1) });
    };
    const outcome = await attempt().catch((error: unknown) => error);
    if (!(outcome instanceof UserError)) complaints.push(`${trial.lens.name}: took ${what}: ${outcome}`);
    else if (!message.test(outcome.message)) {
      complaints.push(
        `${trial.lens.name}: refused ${what} with '${outcome.message}', which lacks ${message}`,
      );
    }
  }
  return complaints;
}

function optionsOf<S, P extends Params>({ lens, options }: ConformanceCase<S, P>): Values<P> {
  return parseParams(lens.params, options);
}

function run<S, P extends Params>(
  trial: ConformanceCase<S, P>,
  subjectSeed: number,
  seed = 1,
  task = quietTask,
): Promise<Findings> {
  const subject = trial.planted(random(subjectSeed, "planted"));
  return trial.lens.look(subject, optionsOf(trial), { task, random: random(seed) });
}

/** Findings as text: everything but the drawing instructions, which hold functions. */
function serialise(findings: Findings): string {
  const figures = findings.figures.map((figure) => ({ ...figure, plot: undefined }));
  return JSON.stringify({ ...findings, figures }, (_, value: unknown) =>
    ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value,
  );
}
