/**
 * Orders of the same numbers: PyTorch's channels-first and ours, and images padded to four channels.
 *
 * @module
 */

/** Axes that turn PyTorch's [small, big, 4, 4] convolution weights into [tap][big][small]. */
export const CONV_AXES = [2, 3, 1, 0] as const;

/** Axes that turn [N, C, H, W] into [N, H, W, C]: images, and the weights of dense layer and head. */
export const CHANNELS_LAST = [0, 2, 3, 1] as const;

/** Axes that turn [N, H, W, C] into [N, C, H, W]. */
export const CHANNELS_FIRST = [0, 3, 1, 2] as const;

/** A copy whose axis `i` is axis `axes[i]` of `data`, a row-major array of `shape`. */
export function permute(
  data: ArrayLike<number>,
  shape: readonly number[],
  axes: readonly number[],
): Float64Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const out = new Float64Array(data.length);
  const index = axes.map(() => 0);
  for (let at = 0; at < out.length; at++) {
    let from = 0;
    for (let axis = 0; axis < axes.length; axis++) from += index[axis] * strides[axes[axis]];
    out[at] = data[from];
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      if (++index[axis] < shape[axes[axis]]) break;
      index[axis] = 0;
    }
  }
  return out;
}

/** The axes that undo {@linkcode permute}. */
export function inverseAxes(axes: readonly number[]): number[] {
  return axes.map((_, i) => axes.indexOf(i));
}

/** Widens each pixel of `x` [.., from] to [.., to] channels with zeros, or cuts it down. */
export function resizeChannels(x: ArrayLike<number>, from: number, to: number): Float64Array {
  const out = new Float64Array(x.length / from * to);
  for (let i = 0; i < x.length; i++) {
    const channel = i % from;
    if (channel < to) out[(i - channel) / from * to + channel] = x[i];
  }
  return out;
}

/** Bytes as numbers in [-1, 1]: what the discriminator sees of a photo. */
export function normalisePixels(pixels: ArrayLike<number>): Float64Array {
  return Float64Array.from(pixels, (byte) => byte / 127.5 - 1);
}
