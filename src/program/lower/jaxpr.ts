/** An operand of an equation: a variable, or a scalar literal where `value` is there. */
export interface Atom {
  readonly aval: { readonly shape: number[]; readonly dtype: string };
  readonly value?: number;
}

/** The part of a flattened jax-js program that the lowering reads. */
export interface Jaxpr {
  readonly inBinders: readonly Atom[];
  readonly eqns: readonly {
    readonly primitive: string;
    readonly inputs: readonly Atom[];
    readonly params: Readonly<Record<string, unknown>>;
    readonly outBinders: readonly Atom[];
  }[];
  readonly outs: readonly Atom[];
}
