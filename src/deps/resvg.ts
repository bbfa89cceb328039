/**
 * resvg (npm, WebAssembly) and the font PT Sans (npm): the only way from SVG to pixels here.
 * Both are read from Deno's own package cache, which `--allow-read` covers.
 *
 * @module
 */

import { initWasm, Resvg } from "npm:@resvg/resvg-wasm@2.6.2";
// Importing the package's description makes Deno put its files, the font among them, on this
// machine before the program starts.
import "npm:@expo-google-fonts/pt-sans@0.4.1/package.json" with { type: "json" };

const FONT = import.meta.resolve(
  "npm:@expo-google-fonts/pt-sans@0.4.1/400Regular/PTSans_400Regular.ttf",
);
const WASM = import.meta.resolve("npm:@resvg/resvg-wasm@2.6.2/index_bg.wasm");

let fonts: Promise<Uint8Array[]> | undefined;

async function load(): Promise<Uint8Array[]> {
  const [ttf, wasm] = await Promise.all([FONT, WASM].map((url) => Deno.readFile(new URL(url))));
  await initWasm(wasm);
  return [ttf];
}

/** Renders SVG as the bytes of a PNG file; text is set in PT Sans. */
export async function renderSvg(svg: string): Promise<Uint8Array<ArrayBuffer>> {
  const fontBuffers = await (fonts ??= load());
  const resvg = new Resvg(svg, {
    font: { fontBuffers, defaultFontFamily: "PT Sans", loadSystemFonts: false },
  });
  const picture = resvg.render();
  const png = new Uint8Array(picture.asPng());
  picture.free();
  resvg.free();
  return png;
}
