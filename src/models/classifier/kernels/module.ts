import { type Code, encodeModule } from "../../../core/wasm/encode.ts";
import { f64x2 as f } from "../../../core/wasm/lane.ts";
import { tanh } from "./exponentials.ts";
import { elementwise } from "./loops.ts";
import { softmax, softmaxOfTwo, softmaxRate } from "./softmax.ts";
import { dots, sum } from "./sums.ts";

/** A function of addresses and lengths in bytes. */
type Kernel = (...addresses: number[]) => void;

/** Vector code over columns of float64, two rows at a time; arguments as in the comments of what makes them. */
export interface Kernels {
  sum: Kernel;
  addSum: Kernel;
  dots: Kernel;
  softmax: Kernel;
  softmaxOfTwo: Kernel;
  softmaxRate: Kernel;
  /** tanh(x, bytes), in place. */
  tanh: Kernel;
  /** slope(out, h, bytes): 1 − h². */
  slope: Kernel;
  /** timesSlope(out, h, bytes): out·(1 − h²). */
  timesSlope: Kernel;
  /** product(out, a, b, bytes). */
  product: Kernel;
  /** bend(out, slope, back, h, rate, bytes): out·slope − 2·back·h·rate. */
  bend: Kernel;
  /** curve(out, back, h, slope, bytes): out − 2·back·h·slope. */
  curve: Kernel;
  /** pairWeight(out, m, m′, s, s′, bytes): (out − m·m′)·s·s′. */
  pairWeight: Kernel;
  /** outputWeight(out, p, c, t, u, bytes): p·(c·t − u), where c is one number. */
  outputWeight: Kernel;
}

const two = f.splat(2);
const slope = (h: Code) => f.mul(f.sub(f.splat(1), h), f.add(f.splat(1), h));

let compiled: WebAssembly.Module | undefined;

/** The kernels over a memory; the code is compiled once. */
export function kernelsOver(memory: WebAssembly.Memory): Kernels {
  compiled ??= new WebAssembly.Module(
    encodeModule({
      imports: [],
      table: [],
      functions: [
        sum("sum"),
        sum("addSum"),
        dots(),
        softmax(),
        softmaxOfTwo(),
        softmaxRate(),
        elementwise("tanh", 1, (b, at) => tanh(b, b.let(at(0)))),
        elementwise("slope", 2, (b, at) => slope(b.let(at(1)))),
        elementwise("timesSlope", 2, (b, at) => f.mul(at(0), slope(b.let(at(1))))),
        elementwise("product", 3, (_, at) => f.mul(at(1), at(2))),
        elementwise("bend", 5, (_, at) =>
          f.sub(f.mul(at(0), at(1)), f.mul(f.mul(f.mul(two, at(2)), at(3)), at(4))),
        ),
        elementwise("curve", 4, (_, at) => f.sub(at(0), f.mul(f.mul(f.mul(two, at(1)), at(2)), at(3)))),
        elementwise("pairWeight", 5, (_, at) =>
          f.mul(f.mul(f.sub(at(0), f.mul(at(1), at(2))), at(3)), at(4)),
        ),
        elementwise("outputWeight", 5, (_, at, address) =>
          f.mul(at(1), f.sub(f.mul(f.loadSplat(address(2)), at(3)), at(4))),
        ),
      ],
    }),
  );
  return new WebAssembly.Instance(compiled, { host: { memory } }).exports as unknown as Kernels;
}
