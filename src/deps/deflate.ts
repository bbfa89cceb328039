/**
 * fflate (npm): zlib streams, for runtimes with and without Node's.
 *
 * @module
 */

import { unzlibSync, zlibSync } from "npm:fflate@0.8.3";

export { zlibSync };

/** What a zlib stream holds; undefined where it is damaged or holds `most` bytes or more. */
export function inflate(bytes: Uint8Array, most = 1 << 22): Uint8Array | undefined {
  try {
    // Into a buffer of that length: what fills it is a bomb, cut short, or no metadata.
    const out = unzlibSync(bytes, { out: new Uint8Array(most) });
    return out.length < most ? out : undefined;
  } catch {
    return undefined;
  }
}
