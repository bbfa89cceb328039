// @ts-self-types="./codecs.d.ts"
// Source-phase imports hand over compiled WebAssembly without instantiating it: no file is read at
// run time (so no permission is needed), and a decoder that trapped can be instantiated afresh.
import source libjpegTurbo from "npm:@cwasm/jpeg-turbo@0.1.3/jpeg-turbo.wasm";
import source imagescriptJpeg from "npm:imagescript@1.3.1/wasm/any/jpeg.wasm";
import source imagescriptPng from "npm:imagescript@1.3.1/wasm/any/png.wasm";

export { imagescriptJpeg, imagescriptPng, libjpegTurbo };
