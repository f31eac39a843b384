import type { Layer, SampleShape } from "./layers.ts";
import { type SequentialModel, sequential } from "./sequential.ts";

const relu: Layer = { kind: "activation", function: "relu" };
const tanh: Layer = { kind: "activation", function: "tanh" };
const softplus: Layer = { kind: "activation", function: "softplus" };

/** Small nets that between them have every kind of layer in every order the kernels tell apart. */
export const nets: Record<string, { input: SampleShape; layers: readonly Layer[] }> = {
  linear: { input: [5], layers: [{ kind: "dense", outputs: 3 }] },
  mlpRelu: {
    input: [4],
    layers: [
      { kind: "dense", outputs: 6 },
      relu,
      { kind: "dense", outputs: 5 },
      relu,
      { kind: "dense", outputs: 3 },
    ],
  },
  mlpTanh: {
    input: [4],
    layers: [
      { kind: "dense", outputs: 9 },
      tanh,
      { kind: "dense", outputs: 5 },
      tanh,
      { kind: "dense", outputs: 2 },
    ],
  },
  poolFirst: {
    input: [1, 47],
    layers: [
      { kind: "conv1d", outputs: 3, kernel: 5, padding: 1 },
      { kind: "maxPool1d", size: 2 },
      relu,
      { kind: "conv1d", outputs: 5, kernel: 3 },
      { kind: "maxPool1d", size: 3 },
      relu,
      { kind: "conv1d", outputs: 4, kernel: 2, padding: 1 },
      { kind: "averagePool1d", size: 3 },
      relu,
      { kind: "flatten" },
      { kind: "dropout", rate: 0.5 },
      { kind: "dense", outputs: 2 },
    ],
  },
  activationFirst: {
    input: [2, 31],
    layers: [
      { kind: "conv1d", outputs: 3, kernel: 4, stride: 2, padding: 2 },
      softplus,
      { kind: "averagePool1d", size: 3 },
      { kind: "conv1d", outputs: 4, kernel: 2 },
      relu,
      { kind: "maxPool1d", size: 2 },
      { kind: "flatten" },
      { kind: "dense", outputs: 5 },
      softplus,
      { kind: "dense", outputs: 3 },
      tanh,
    ],
  },
  smoothChain: {
    input: [1, 41],
    layers: [
      { kind: "conv1d", outputs: 3, kernel: 5, padding: 1 },
      { kind: "averagePool1d", size: 2 },
      tanh,
      { kind: "conv1d", outputs: 5, kernel: 3 },
      { kind: "averagePool1d", size: 2 },
      { kind: "averagePool1d", size: 2 },
      softplus,
      { kind: "flatten" },
      { kind: "dense", outputs: 2 },
    ],
  },
  reluThenMean: {
    input: [1, 20],
    layers: [
      { kind: "conv1d", outputs: 2, kernel: 3 },
      relu,
      { kind: "averagePool1d", size: 2 },
      { kind: "conv1d", outputs: 3, kernel: 3 },
      { kind: "maxPool1d", size: 2 },
      { kind: "averagePool1d", size: 3 },
      { kind: "flatten" },
      { kind: "dense", outputs: 2 },
    ],
  },
};

/** The net of that name. */
export function net(name: keyof typeof nets): SequentialModel {
  return sequential({ name: String(name), ...nets[name]! });
}
