/**
 * libwebp's decoder (@cwasm/webp, npm) as a compiled WebAssembly module.
 *
 * @module
 */

/** Exports `memory`, `malloc`, `free` and `WebPDecodeRGBA`. */
export const libwebp: WebAssembly.Module;
