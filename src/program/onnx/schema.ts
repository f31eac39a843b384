import protobuf from "protobufjs";

/**
 * The part of the public ONNX schema (onnx.proto, IR version 8) that physlens writes: message and field names with
 * their field numbers.
 */
const fields = (
  spec: Record<string, [type: string, id: number, rule?: "repeated"]>,
): { fields: Record<string, { type: string; id: number; rule?: "repeated" }> } => ({
  fields: Object.fromEntries(
    Object.entries(spec).map(([name, [type, id, rule]]) => [name, rule ? { type, id, rule } : { type, id }]),
  ),
});

const root = protobuf.Root.fromJSON({
  nested: {
    ModelProto: fields({
      irVersion: ["int64", 1],
      opsetImport: ["OperatorSetIdProto", 8, "repeated"],
      producerName: ["string", 2],
      producerVersion: ["string", 3],
      docString: ["string", 6],
      graph: ["GraphProto", 7],
      metadataProps: ["StringStringEntryProto", 14, "repeated"],
    }),
    StringStringEntryProto: fields({ key: ["string", 1], value: ["string", 2] }),
    OperatorSetIdProto: fields({ domain: ["string", 1], version: ["int64", 2] }),
    GraphProto: fields({
      node: ["NodeProto", 1, "repeated"],
      name: ["string", 2],
      initializer: ["TensorProto", 5, "repeated"],
      input: ["ValueInfoProto", 11, "repeated"],
      output: ["ValueInfoProto", 12, "repeated"],
    }),
    NodeProto: fields({
      input: ["string", 1, "repeated"],
      output: ["string", 2, "repeated"],
      name: ["string", 3],
      opType: ["string", 4],
      attribute: ["AttributeProto", 5, "repeated"],
    }),
    AttributeProto: fields({
      name: ["string", 1],
      f: ["float", 2],
      i: ["int64", 3],
      s: ["bytes", 4],
      t: ["TensorProto", 5],
      floats: ["float", 7, "repeated"],
      ints: ["int64", 8, "repeated"],
      type: ["int32", 20],
    }),
    TensorProto: fields({
      dims: ["int64", 1, "repeated"],
      dataType: ["int32", 2],
      name: ["string", 8],
      rawData: ["bytes", 9],
    }),
    ValueInfoProto: fields({ name: ["string", 1], type: ["TypeProto", 2] }),
    TypeProto: fields({ tensorType: ["TensorTypeProto", 1] }),
    TensorTypeProto: fields({ elemType: ["int32", 1], shape: ["TensorShapeProto", 2] }),
    TensorShapeProto: fields({ dim: ["DimensionProto", 1, "repeated"] }),
    DimensionProto: fields({ dimValue: ["int64", 1] }),
  },
});

const model = root.lookupType("ModelProto");

/** Bytes of an ONNX model from its plain-object form (field names in camel case). */
export function encodeModel(message: object): Uint8Array {
  return model.encode(model.create(message)).finish();
}
