import assert from "node:assert/strict";
import { noiseOfSeed, noiseOfSeeds, noiseOfWalk, slerp } from "../src/train/noise.ts";

const NZ = 100;
const norm = (v: Float32Array): number => Math.hypot(...v);

Deno.test("noiseOfSeed() gives the first pictures unchanged when more are asked for", () => {
  const { noise, labels } = noiseOfSeed(5, NZ, 7);
  assert.deepEqual(noise.subarray(0, 2 * NZ), noiseOfSeed(2, NZ, 7).noise);
  assert.notDeepEqual(noise.subarray(0, NZ), noise.subarray(NZ, 2 * NZ));
  assert.equal(labels[4], "7, picture 4");
});

Deno.test("noiseOfSeeds() gives each seed its own first picture", () => {
  const { noise } = noiseOfSeeds([7, 9], NZ);
  assert.deepEqual(noise.subarray(0, NZ), noiseOfSeed(1, NZ, 7).noise);
  assert.deepEqual(noise.subarray(NZ), noiseOfSeed(1, NZ, 9).noise);
});

Deno.test("truncation keeps every number within and leaves those that were there", () => {
  const plain = noiseOfSeed(3, NZ, 1).noise;
  const { noise } = noiseOfSeed(3, NZ, 1, 0.7);
  assert.ok(noise.every((value) => Math.abs(value) <= 0.7));
  plain.forEach((value, i) => {
    if (Math.abs(value) <= 0.7) assert.equal(noise[i], value);
  });
  const tight = noiseOfSeed(1, NZ, 1, 1e-4).noise;
  assert.ok(tight.every((value) => Math.abs(value) <= 1.0001e-4), "and it ends");
});

Deno.test("noiseOfWalk() leads from one seed's picture to the other's, on the sphere", () => {
  const { noise } = noiseOfWalk([3, 8], 9, NZ);
  const frame = (i: number): Float32Array => noise.subarray(i * NZ, (i + 1) * NZ);
  const close = (a: Float32Array, b: Float32Array): void =>
    a.forEach((value, i) => assert.ok(Math.abs(value - b[i]) < 1e-5));
  close(frame(0), noiseOfSeed(1, NZ, 3).noise);
  close(frame(8), noiseOfSeed(1, NZ, 8).noise);
  const [low, high] = [norm(frame(0)), norm(frame(8))].sort((a, b) => a - b);
  for (let i = 0; i < 9; i++) {
    assert.ok(norm(frame(i)) > 0.93 * low && norm(frame(i)) < 1.07 * high, `frame ${i}`);
  }
});

Deno.test("slerp() of a vector with itself stays there", () => {
  const v = Float32Array.of(1, 2, 3);
  assert.deepEqual(slerp(v, v, 0.3), v);
});
