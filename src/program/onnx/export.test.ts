import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import * as web from "onnxruntime-web";
import { afterAll, describe, expect, it } from "vitest";
import { runnablePrograms } from "../../../test/support/capabilities.ts";
import { net, netData, netLayout, netLoss } from "../../../test/support/small-net.ts";
import { spec, type TypedArray } from "../dtype.ts";
import * as ops from "../ops/index.ts";
import { compile } from "../session.ts";
import { type Program, trace } from "../trace.ts";
import { hvp, perSampleGrad, tap, valueAndGrad } from "../transform/index.ts";

type Value = ops.Value;
type Float = "float32" | "float64";
const rows = 16;

/** The value, gradient, tapped activation, Hessian-vector product and per-sample gradients of a network's error. */
function model(dtype: Float): Program {
  const { flat, x, y } = {
    flat: spec([netLayout.size], dtype),
    x: spec([rows, 3], dtype),
    y: spec([rows], dtype),
  };
  const one = (p: Value, a: Value, b: Value) => netLoss(p, ops.expandDims(a, 0), ops.expandDims(b, 0));
  return trace(
    (p: Value, a: Value, b: Value) => {
      const [value, gradient] = valueAndGrad(netLoss)(p, a, b);
      const hidden = tap(net, ["penultimate"])(p, a).taps["penultimate"]!;
      return {
        value,
        gradient,
        hidden,
        curvature: hvp(netLoss)(p, p, a, b),
        each: perSampleGrad(one)(p, a, b),
      };
    },
    [flat, x, y],
    { name: `net-${dtype}`, names: ["flat", "x", "y"] },
  );
}

/** Operations without a kernel of their own, gathers and sums over segments. */
function assorted(dtype: Float): Program {
  const f = (x: Value) => ({
    erf: ops.erf(x),
    erfc: ops.erfc(x),
    atan: ops.atan(x),
    asin: ops.asin(ops.tanh(x)),
    soft: ops.softmax(x),
    rows: ops.segmentSum(ops.take(x, [2, 0, 1, 2]), [0, 1, 1, 2], 3),
    order: ops.argsort(x),
    running: ops.cumsum(x, 0),
  });
  return trace(f, [spec([3, 5], dtype)], { name: `assorted-${dtype}`, names: ["x"] });
}

const python = "/usr/bin/python3";
const hasChecker = spawnSync(python, ["-c", "import onnx"]).status === 0;
if (!hasChecker) {
  console.warn(`the official ONNX checker is missing, so its test is skipped: ${python} needs python3-onnx`);
}

describe.skipIf(!hasChecker)("the official checker (Debian's python3-onnx)", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "physlens-onnx-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("accepts every program, with types and shapes inferred strictly", () => {
    const programs = [
      ...(["float32", "float64"] as const).flatMap((d) => [model(d), assorted(d)]),
      ...runnablePrograms(),
    ];
    expect(programs.length).toBeGreaterThan(150);
    programs.forEach((program, i) => {
      writeFileSync(path.join(folder, `${i}.onnx`), program.toOnnx());
    });
    const script = `
import glob, onnx, sys
done = 0
for name in glob.glob(sys.argv[1] + "/*.onnx"):
    model = onnx.load(name)
    onnx.checker.check_model(model, full_check=True)
    inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    assert model.ir_version == 8 and model.opset_import[0].version == 17
    stated = {v.name: v.type for v in model.graph.output}
    for v in inferred.graph.output:
        assert v.type == stated[v.name], v.name
    done += 1
print(done)
`;
    const printed = execFileSync(python, ["-c", script, folder], { encoding: "utf8" });
    expect(Number(printed)).toBe(programs.length);
  });

  it("would refuse a broken file", () => {
    const bytes = model("float64").toOnnx();
    const broken = path.join(folder, "broken.bin");
    // The operator "MatMul" under a name that ONNX does not know.
    writeFileSync(broken, Buffer.from(bytes).toString("latin1").replaceAll("MatMul", "MadMul"), "latin1");
    const check = spawnSync(python, ["-c", `import onnx; onnx.checker.check_model("${broken}")`], {
      encoding: "utf8",
    });
    expect(check.status).not.toBe(0);
    expect(check.stderr).toContain("MadMul");
  });
});

/** The second runtime is the WebAssembly build, whose kernels are compiled without the CPU's vector instructions. */
describe("another runtime (onnxruntime-web) gives the same numbers", () => {
  async function runWeb(program: Program, inputs: readonly TypedArray[]): Promise<TypedArray[]> {
    web.env.wasm.numThreads = 1;
    const session = await web.InferenceSession.create(program.toOnnx(), { executionProviders: ["wasm"] });
    const feeds = Object.fromEntries(
      program.inputs.map((port, i) => [
        port.name,
        new web.Tensor(port.dtype, inputs[i] as never, port.shape as number[]),
      ]),
    );
    const results = await session.run(feeds);
    await session.release();
    return program.outputs.map((port) => results[port.name]!.data as TypedArray);
  }

  async function compare(program: Program, inputs: readonly TypedArray[], tolerance: number): Promise<void> {
    const session = await compile(program);
    const native = await session.run(inputs);
    await session.release();
    const other = await runWeb(program, inputs);
    native.forEach((array, k) => {
      const scale = 1 + Array.from(array).reduce((m, v) => Math.max(m, Math.abs(v)), 0);
      expect(other[k]!.length).toBe(array.length);
      array.forEach((v, i) => {
        expect(Math.abs(v - other[k]![i]!), `${program.outputs[k]!.name}[${i}]`).toBeLessThanOrEqual(
          tolerance * scale,
        );
      });
    });
  }

  for (const [dtype, tolerance] of [
    ["float32", 2e-6],
    ["float64", 1e-14],
  ] as const) {
    it(`in ${dtype}: a model, its derivatives and a tapped activation`, async () => {
      const { flat, x, y } = netData(rows, dtype);
      await compare(model(dtype), [flat, x, y], tolerance);
    });
    it(`in ${dtype}: functions without a kernel, gathers, segments, sorting`, async () => {
      await compare(assorted(dtype), [netData(5, dtype, 3).x], tolerance);
    });
  }
});
