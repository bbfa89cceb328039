/**
 * resvg (npm, WebAssembly) and the font DejaVu Sans (npm): the only way from SVG to pixels here.
 * Both are read from Deno's own package cache, which `--allow-read` covers.
 *
 * @module
 */

import { initWasm, Resvg } from "npm:@resvg/resvg-wasm@2.6.2";
// Importing the package's description makes Deno put its files, the font among them, on this
// machine before the program starts.
import "npm:dejavu-fonts-ttf@2.37.3/package.json" with { type: "json" };

const FONT = import.meta.resolve("npm:dejavu-fonts-ttf@2.37.3/ttf/DejaVuSans.ttf");
const WASM = import.meta.resolve("npm:@resvg/resvg-wasm@2.6.2/index_bg.wasm");

let fonts: Promise<Uint8Array[]> | undefined;

async function load(): Promise<Uint8Array[]> {
  const [ttf, wasm] = await Promise.all([FONT, WASM].map((url) => Deno.readFile(new URL(url))));
  await initWasm(wasm);
  return [ttf];
}

/** Renders SVG as the bytes of a PNG file; text is set in DejaVu Sans. */
export async function renderSvg(svg: string): Promise<Uint8Array<ArrayBuffer>> {
  const fontBuffers = await (fonts ??= load());
  const resvg = new Resvg(svg, {
    font: { fontBuffers, defaultFontFamily: "DejaVu Sans", loadSystemFonts: false },
  });
  const picture = resvg.render();
  const png = new Uint8Array(picture.asPng());
  picture.free();
  resvg.free();
  return png;
}
