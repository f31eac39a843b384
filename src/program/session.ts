import * as ort from "onnxruntime-node";
import { UserError } from "../core/errors.ts";
import { type DType, sizeOf, type TypedArray } from "./dtype.ts";
import type { Port, Program } from "./trace.ts";

/** How a program is run. */
export interface CompileOptions {
  /** Where to run: "cpu" (default), "cuda", "dml", "coreml", "webgpu" … A device that is not there is an error. */
  device?: string;
  /** Threads inside one operation; default 1, where the same seed gives the same bytes on any number of cores. */
  threads?: number;
}

/** A program that is ready to run. Release it when done: native memory is not garbage-collected in time. */
export interface Session {
  readonly program: Program;
  /**
   * Runs the program on typed arrays, in the order of `program.inputs`. Outputs are fresh arrays in the order of
   * `program.outputs`; a bool is a byte.
   * @throws UserError naming the input whose type or length does not fit; for an index outside of its axis or a whole
   * number divided by zero, with the runtime's message; after `release`.
   */
  run(inputs: readonly TypedArray[]): Promise<TypedArray[]>;
  /** Frees the native memory; a second call does nothing. */
  release(): Promise<void>;
}

/** Makes a session of `program`. @throws UserError for a device that this machine or installation does not have. */
export async function compile(program: Program, options: CompileOptions = {}): Promise<Session> {
  const { device = "cpu", threads = 1 } = options;
  if (!Number.isInteger(threads) || threads < 1) {
    throw new UserError(`compile: threads must be a whole number of at least 1, got ${threads}`);
  }
  requireDevice(device);
  const session = await createSession(program, device, threads);
  let released = false;
  return {
    program,
    async run(inputs) {
      if (released)
        throw new UserError(`${program.name}: the session was released; compile the program again`);
      if (inputs.length !== program.inputs.length) {
        throw new UserError(`${program.name}: takes ${program.inputs.length} inputs, got ${inputs.length}`);
      }
      const feeds: Record<string, ort.Tensor> = {};
      program.inputs.forEach((port, i) => {
        feeds[port.name] = tensor(program.name, port, inputs[i]!);
      });
      const results = await guarded(program.name, () => session.run(feeds));
      return program.outputs.map((port) => results[port.name]!.data as TypedArray);
    },
    async release() {
      if (released) return;
      released = true;
      await session.release();
    },
  };
}

const cudaAdvice = "for CUDA install the GPU build of onnxruntime-node and its CUDA libraries";

/** Compiles a program, runs it once and releases it. For more than one run keep a session: starting costs 40–60 ms. */
export async function runOnce(
  program: Program,
  inputs: readonly TypedArray[],
  options: CompileOptions = {},
): Promise<TypedArray[]> {
  const session = await compile(program, options);
  try {
    return await session.run(inputs);
  } finally {
    await session.release();
  }
}

/** Devices that this build of the runtime knows; whether one is there shows when a program starts on it. */
export function devices(): string[] {
  return ort.listSupportedBackends().map(({ name }) => name);
}

function requireDevice(device: string): void {
  const known = devices();
  if (!known.includes(device)) {
    throw new UserError(
      `device '${device}' is not there; this installation knows ${known.join(", ")}; ${cudaAdvice}`,
    );
  }
}

async function createSession(
  program: Program,
  device: string,
  threads: number,
): Promise<ort.InferenceSession> {
  try {
    return await ort.InferenceSession.create(program.toOnnx(), {
      executionProviders: [device],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: "sequential",
      graphOptimizationLevel: "all",
      logSeverityLevel: 4,
      // It turns "times a constant, then MatMul" into a product with a float32 factor, in float64 too (1e-7 off).
      extra: { optimization: { disable_specified_optimizers: "MatMulScaleFusion" } },
    });
  } catch (cause) {
    const what =
      device === "cpu"
        ? `${program.name}: the program does not start`
        : `${program.name}: device '${device}' does not start (${cudaAdvice})`;
    throw new UserError(`${what}: ${messageOf(cause)}`, { cause });
  }
}

async function guarded<T>(program: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    throw new UserError(`${program}: the run failed: ${messageOf(cause)}`, { cause });
  }
}

function messageOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).trim();
}

const arrays: Record<DType, new (length: number) => TypedArray> = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  bool: Uint8Array,
};

function tensor(program: string, port: Port, data: TypedArray): ort.Tensor {
  const { name, dtype, shape } = port;
  if (!(data instanceof arrays[dtype])) {
    const found = (data as { constructor?: { name?: string } })?.constructor?.name ?? typeof data;
    throw new UserError(`${program}: input '${name}' takes a ${arrays[dtype].name} (${dtype}), got ${found}`);
  }
  if (data.length !== sizeOf(shape)) {
    throw new UserError(
      `${program}: input '${name}' has shape [${shape}], ${sizeOf(shape)} numbers; got ${data.length}`,
    );
  }
  return new ort.Tensor(dtype, data as never, shape as number[]);
}
