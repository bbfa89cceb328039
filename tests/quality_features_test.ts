import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { encodeOnnx, type OnnxNode } from "../src/format/onnx.ts";
import { type Features, rowsOf } from "../src/quality/features.ts";
import { frechetDistance } from "../src/quality/frechet_distance.ts";
import { kernelDistance } from "../src/quality/kernel_distance.ts";
import { assertClose, dot, randomArray } from "./numeric.ts";
import { featurePackagesAreThere, runFeatureNetwork } from "./feature_packages.ts";

/** `count` pictures' features, correlated and off zero. */
function featuresOf(count: number, length: number, key: number): Features {
  const x = randomArray(count * length, key);
  const data = Float32Array.from(x, (value, i) => value + (i % length > 0 ? x[i - 1] / 2 : key));
  return { count, length, data };
}

Deno.test("kernelDistance() is the unbiased estimate by its definition, and near zero for one distribution", () => {
  const [a, b] = [featuresOf(7, 5, 1), featuresOf(11, 5, 2)];
  const mean = (left: Features, right: Features, same: boolean): number => {
    const values = rowsOf(left).flatMap((x, i) =>
      rowsOf(right).flatMap((y, j) => same && i === j ? [] : [(dot(x, y) / 5 + 1) ** 3])
    );
    return values.reduce((sum, value) => sum + value) / values.length;
  };
  const expected = mean(a, a, true) + mean(b, b, true) - 2 * mean(a, b, false);
  assertClose([kernelDistance(a, b)], [expected], 1e-12, "distance");
  // Unbiased: between halves of one distribution it comes out on both sides of zero.
  const halves = Array.from({ length: 12 }, (_, i): [Features, Features] => {
    const data = Float32Array.from(randomArray(200, 100 + i));
    return [
      { count: 25, length: 4, data: data.slice(0, 100) },
      { count: 25, length: 4, data: data.slice(100) },
    ];
  }).map(([left, right]) => kernelDistance(left, right));
  assert.ok(Math.min(...halves) < 0 && Math.max(...halves) > 0, String(halves));
  assert.throws(() => kernelDistance(a, featuresOf(3, 4, 1)), /features of 5 and of 4 numbers/);
  assert.throws(() => kernelDistance(a, featuresOf(1, 5, 1)), /at least 2 pictures/);
});

/** Eigenvalues of a symmetric matrix by Jacobi's rotations. */
function jacobi(rows: readonly Float64Array[]): number[] {
  const a = rows.map((row) => Float64Array.from(row));
  for (let sweep = 0; sweep < 30; sweep++) {
    for (let p = 0; p < a.length; p++) {
      for (let q = p + 1; q < a.length; q++) {
        if (Math.abs(a[p][q]) < 1e-300) continue;
        const angle = Math.atan2(2 * a[p][q], a[q][q] - a[p][p]) / 2;
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        for (const row of a) [row[p], row[q]] = [c * row[p] - s * row[q], s * row[p] + c * row[q]];
        for (let k = 0; k < a.length; k++) {
          [a[p][k], a[q][k]] = [c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]];
        }
      }
    }
  }
  return a.map((row, i) => row[i]);
}

Deno.test("frechetDistance() is right in two dimensions, and for stretched and moved features", () => {
  const [a, b] = [featuresOf(9, 2, 1), featuresOf(14, 2, 2)];
  const moments = (set: Features) => {
    const rows = rowsOf(set);
    const mean = [0, 1].map((k) => rows.reduce((sum, x) => sum + x[k], 0) / rows.length);
    const covariance = (i: number, j: number) =>
      rows.reduce((sum, x) => sum + (x[i] - mean[i]) * (x[j] - mean[j]), 0) / (rows.length - 1);
    return { mean, c: [covariance(0, 0), covariance(0, 1), covariance(1, 1)] };
  };
  const [{ mean: m, c: [p, q, r] }, { mean: n, c: [s, t, u] }] = [moments(a), moments(b)];
  // The trace of a 2x2 matrix's root is the root of its trace and twice the root of its determinant.
  const root = Math.sqrt(
    p * s + 2 * q * t + r * u + 2 * Math.sqrt((p * r - q * q) * (s * u - t * t)),
  );
  const expected = (m[0] - n[0]) ** 2 + (m[1] - n[1]) ** 2 + p + r + s + u - 2 * root;
  assertClose([frechetDistance(a, b, jacobi)], [expected], 1e-6, "two dimensions");
  assertClose([frechetDistance(b, a, jacobi)], [expected], 1e-6, "the other way round");

  // Twice as wide and moved: covariances C and 4C, so the distance is moved² + tr C. More numbers than pictures.
  const wide = featuresOf(6, 20, 3);
  const mean = Array.from(
    { length: 20 },
    (_, k) => rowsOf(wide).reduce((sum, x) => sum + x[k], 0) / 6,
  );
  const variance = rowsOf(wide).reduce(
    (sum, x) => sum + x.reduce((all, value, k) => all + (value - mean[k]) ** 2, 0),
    0,
  ) / 5;
  const stretched = { ...wide, data: wide.data.map((value) => 2 * value + 1) };
  const moved = mean.reduce((sum, value) => sum + (value + 1) ** 2, 0);
  assertClose([frechetDistance(wide, stretched, jacobi)], [moved + variance], 1e-5, "stretched");
  assert.ok(Math.abs(frechetDistance(wide, wide, jacobi)) < 1e-3);
});

Deno.test({
  name: "FeatureNetwork gives each picture what its network says, in either layout, at its size",
  ignore: !await featurePackagesAreThere(),
  fn: async () => {
    const size = 8;
    const count = 19; // more than a batch
    const data = Uint8Array.from(randomArray(count * size * size * 3, 1), (x) => 127 + 40 * x);
    const means = Array.from({ length: count * 3 }, (_, i) => {
      let sum = 0;
      for (let pixel = 0; pixel < size * size; pixel++) {
        sum += data[(Math.floor(i / 3) * size * size + pixel) * 3 + i % 3];
      }
      return sum / (size * size);
    });
    const nodes: Record<string, OnnxNode[]> = {
      pooled: [{ operator: "GlobalAveragePool", inputs: ["x"], output: "y" }],
      map: [{ operator: "Relu", inputs: ["x"], output: "y" }],
      together: [
        {
          operator: "ReduceMean",
          inputs: ["x"],
          output: "m",
          attributes: { axes: { integers: [1, 2] } },
        },
        { operator: "Flatten", inputs: ["m"], output: "y" },
      ],
    };
    const mean = (output: string, shape: (number | string)[]) =>
      encodeOnnx({
        name: "means",
        nodes: nodes[output],
        weights: new Map(),
        inputs: [{ name: "x", shape }],
        outputs: [{ name: "y", shape: output === "together" ? ["n", 3] : ["n", "c", "h", "w"] }],
        producer: ["facadegan tests", "1"],
      });
    const cases = [
      ["pooled", ["n", 3, 8, 8], "bytes", (x: number) => x],
      ["map", ["n", 3, "h", "w"], "unit", (x: number) => x / 255],
      ["pooled", [4, 3, 8, 8], "signed", (x: number) => x / 127.5 - 1],
      ["together", ["n", 8, 8, 3], "unit", (x: number) => x / 255],
      ["pooled", ["n", 3, 16, 16], "bytes", (x: number) => x],
    ] as const;
    for (const [output, shape, range, expected] of cases) {
      const found = await runFeatureNetwork(mean(output, [...shape]), range, { size, data });
      assert.deepEqual([found.count, found.length], [count, 3]);
      const features = new Float32Array(Uint8Array.from(Buffer.from(found.data, "base64")).buffer);
      const tolerance = shape[2] === 16 ? 2e-2 : 1e-6; // enlarged: borders weigh differently
      assertClose(features, means.map(expected), tolerance, `${output} of ${shape}, ${range}`);
    }
  },
});
