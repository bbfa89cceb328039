import assert from "node:assert/strict";
import { table } from "../src/cli/actions/bench_kernels.ts";
import { checkPictureName, encodePicture } from "../src/cli/actions/picture_file.ts";
import { createDecoder } from "../src/image/decode.ts";

Deno.test("a picture's name decides between PNG and JPEG, other kinds are refused", () => {
  const image = { width: 8, height: 8, data: new Uint8Array(192).fill(90) };
  const start = (path: string) => [...encodePicture(path, image, { Seed: "1" }).subarray(0, 4)];
  assert.deepEqual(start("a.png"), [0x89, 0x50, 0x4e, 0x47]);
  assert.deepEqual(start("a"), start("a.png"));
  assert.deepEqual(start("a.JPG").slice(0, 3), [0xff, 0xd8, 0xff]);
  const { data } = createDecoder()(encodePicture("a.jpeg", image, {}), {
    background: [0, 0, 0],
    maxPixels: 100,
    minSide: 8,
  });
  assert.ok(Math.abs(data[0] - 90) <= 2, `grey of ${data[0]}`);
  for (const name of ["a", "a.png", "a.jpg", "v1.2"]) checkPictureName(name, false);
  for (const name of ["a", "a.gif", "a.PNG"]) checkPictureName(name, true);
  assert.throws(() => checkPictureName("a.webp", false), /written as PNG or JPEG/);
  assert.throws(() => checkPictureName("a.gif", false), /written as PNG or JPEG/);
  assert.throws(() => checkPictureName("a.jpg", true), /written as GIF/);
});

Deno.test("bench kernels' table fits 80 columns", () => {
  const lines = table([{
    label: "a kernel with a very long name that goes on and on",
    count: 12,
    ms: 1234.56,
    gflops: 54321,
    gbPerSecond: 1234.5,
    share: 1.09,
    bound: "memory",
  }], 1234.56).split("\n");
  assert.ok(lines.every((line) => line.length <= 80), lines.join("\n"));
});
