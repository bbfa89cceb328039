import assert from "node:assert/strict";
import { encodeGif, toGifFrame } from "../src/image/gif.ts";
import { blankImage } from "../src/image/image.ts";
import { hash4 } from "../src/random.ts";
import { readIndependently } from "./independent_reader.ts";

interface Gif {
  readonly width: number;
  readonly height: number;
  readonly loopCount: number;
  readonly frames: readonly { readonly delay: number; readonly firstPixel: readonly number[] }[];
}

Deno.test("encodeGif() writes frames, delays and a comment that another decoder reads", async () => {
  const colors = [[255, 0, 0], [0, 255, 0], [0, 0, 255]] as const;
  const frames = colors.map((color) => blankImage(16, 8, color));
  const bytes = encodeGif(frames, { delay: 100, lastDelay: 900, comment: "seed 1 ".repeat(50) });
  const { width, height, loopCount, frames: read } = await readIndependently<Gif>("gif", bytes);
  assert.deepEqual([width, height, read.length, loopCount], [16, 8, 3, 0]);
  for (const [i, color] of colors.entries()) {
    assert.equal(read[i].delay, i === 2 ? 90 : 10, "hundredths of a second");
    assert.deepEqual(read[i].firstPixel, [...color, 255]);
  }
  const text = new TextDecoder("latin1").decode(bytes);
  assert.ok(text.includes("seed 1 seed 1 "));
});

Deno.test("a frame of noise has its palette in no time, and one of few colours keeps each of them", () => {
  const [width, height] = [532, 532];
  const noise = Uint8Array.from(
    { length: 3 * width * height },
    (_, i) => hash4(i, 1, 2, 3)[0] & 255,
  );
  const begun = performance.now();
  const frame = toGifFrame({ width, height, data: noise });
  assert.ok(performance.now() - begun < 5000, "was minutes"); // on a busy machine, too
  assert.equal(frame.palette.length, 256);
  const few = blankImage(300, 200, [10, 20, 30]);
  few.data.fill(200, 0, 3 * 300 * 50);
  const { palette, index } = toGifFrame(few);
  const colors = new Set([...index].map((i) => palette[i].slice(0, 3).join()));
  assert.equal(colors.size, 2);
});
