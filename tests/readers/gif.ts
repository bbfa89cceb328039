/** Reads a GIF from standard input by omggif; prints its frames, each as its first pixel, as JSON. */

import omggif from "npm:omggif@1.0.10";

const gif = new omggif.GifReader(
  new Uint8Array(await new Response(Deno.stdin.readable).arrayBuffer()),
);
const frames = Array.from({ length: gif.numFrames() }, (_, i) => {
  const rgba = new Uint8Array(4 * gif.width * gif.height);
  gif.decodeAndBlitFrameRGBA(i, rgba);
  return { delay: gif.frameInfo(i).delay, firstPixel: [...rgba.subarray(0, 4)] };
});
console.log(JSON.stringify({
  width: gif.width,
  height: gif.height,
  loopCount: gif.loopCount(),
  frames,
}));
