import { eigenSymmetric } from "../../linalg/eigen-symmetric.ts";
import { matrix } from "../../linalg/matrix.ts";

/**
 * The proper rotation R (row-major 3 × 3) that makes Σ |a_k − R·b_k|² least for centred coordinates, from the largest
 * eigenvector of Kearsley's matrix of quaternions. Source: Kearsley, Acta Cryst. A 45, 208 (1989).
 */
export function bestRotation(a: Float64Array, b: Float64Array): Float64Array {
  const s = new Float64Array(9);
  for (let k = 0; k < a.length; k += 3) {
    for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) s[3 * i + j]! += b[k + i]! * a[k + j]!;
  }
  const [xx, xy, xz, yx, yy, yz, zx, zy, zz] = s as unknown as [
    ...[number, number, number],
    ...[number, number, number],
    ...[number, number, number],
  ];
  const { vectors } = eigenSymmetric(
    matrix(4, 4, [
      ...[xx + yy + zz, yz - zy, zx - xz, xy - yx],
      ...[yz - zy, xx - yy - zz, xy + yx, zx + xz],
      ...[zx - xz, xy + yx, yy - xx - zz, yz + zy],
      ...[xy - yx, zx + xz, yz + zy, zz - xx - yy],
    ]),
  );
  return rotationOf(vectors.data[0]!, vectors.data[1]!, vectors.data[2]!, vectors.data[3]!);
}

/** The rotation of the unit quaternion w + xi + yj + zk, row-major 3 × 3. */
export function rotationOf(w: number, x: number, y: number, z: number): Float64Array {
  return Float64Array.of(
    ...[w * w + x * x - y * y - z * z, 2 * (x * y - w * z), 2 * (x * z + w * y)],
    ...[2 * (x * y + w * z), w * w - x * x + y * y - z * z, 2 * (y * z - w * x)],
    ...[2 * (x * z - w * y), 2 * (y * z + w * x), w * w - x * x - y * y + z * z],
  );
}
