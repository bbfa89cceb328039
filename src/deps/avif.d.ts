/**
 * libavif's decoder (@jsquash/avif, npm).
 *
 * @module
 */

/** An instance of the decoder. */
export interface Libavif {
  /** RGBA of a file, its first picture; null where it is damaged. */
  decode(
    bytes: Uint8Array,
    bitDepth: 8,
  ): { width: number; height: number; data: Uint8ClampedArray } | null;
}

/** Makes an instance. */
export function startLibavif(): Libavif;
