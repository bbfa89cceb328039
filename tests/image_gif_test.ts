import assert from "node:assert/strict";
import omggif from "npm:omggif@1.0.10";
import { encodeGif } from "../src/image/gif.ts";
import { blankImage } from "../src/image/image.ts";

Deno.test("encodeGif() writes frames, delays and a comment that another decoder reads", () => {
  const colors = [[255, 0, 0], [0, 255, 0], [0, 0, 255]] as const;
  const frames = colors.map((color) => blankImage(16, 8, color));
  const bytes = encodeGif(frames, { delay: 100, lastDelay: 900, comment: "seed 1 ".repeat(50) });
  const gif = new omggif.GifReader(bytes);
  assert.deepEqual([gif.width, gif.height, gif.numFrames(), gif.loopCount()], [16, 8, 3, 0]);
  for (const [i, color] of colors.entries()) {
    assert.equal(gif.frameInfo(i).delay, i === 2 ? 90 : 10, "hundredths of a second");
    const rgba = new Uint8Array(4 * 16 * 8);
    gif.decodeAndBlitFrameRGBA(i, rgba);
    assert.deepEqual([...rgba.subarray(0, 4)], [...color, 255]);
  }
  const text = new TextDecoder("latin1").decode(bytes);
  assert.ok(text.includes("seed 1 seed 1 "));
});
