/**
 * Cyclic checksums of 32 bits: that of PNG files and that of TensorFlow's record files.
 *
 * @module
 */

/** A checksum over a polynomial, its bits reversed. */
function checksum(polynomial: number): (bytes: Uint8Array) => number {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let word = byte;
    for (let bit = 0; bit < 8; bit++) word = word & 1 ? (word >>> 1) ^ polynomial : word >>> 1;
    return word;
  });
  return (bytes) => {
    let crc = 0xffffffff;
    for (const byte of bytes) crc = table[(crc ^ byte) & 255] ^ (crc >>> 8);
    return (crc ^ 0xffffffff) >>> 0;
  };
}

/** The CRC-32 of some bytes, as PNG and zip have it: an unsigned 32-bit integer. */
export const crc32: (bytes: Uint8Array) => number = checksum(0xedb88320);

/** The CRC-32C (Castagnoli) of some bytes: an unsigned 32-bit integer. */
export const crc32c: (bytes: Uint8Array) => number = checksum(0x82f63b78);

/**
 * The CRC-32C as record files store it: rotated and offset, so that a checksum of data that
 * itself holds checksums stays a good one.
 */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
