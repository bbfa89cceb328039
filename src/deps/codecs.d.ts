/**
 * The picture codecs: compiled WebAssembly modules out of npm packages.
 *
 * @module
 */

/** libjpeg-turbo's decoder (@cwasm/jpeg-turbo). */
export const libjpegTurbo: WebAssembly.Module;
/** ImageScript's JPEG codec. */
export const imagescriptJpeg: WebAssembly.Module;
/** ImageScript's PNG decoder. */
export const imagescriptPng: WebAssembly.Module;
