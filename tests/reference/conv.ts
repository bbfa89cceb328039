/**
 * The one convolution map of both networks and its three products, in float64.
 *
 * A 4x4 kernel with stride 2 and padding 1 ties a big side [batch, 2*height, 2*width, big] to a
 * small side [batch, height, width, small]: pixel (y, x) of the small side meets pixel
 * (2y + kh - 1, 2x + kw - 1) of the big side through tap (kh, kw). The sum over all such meetings of
 * bigSide * weights * smallSide is linear in each of the three, and each product is its derivative
 * with respect to one of them: {@linkcode down} (small), {@linkcode up} (big) and
 * {@linkcode convWeightGradient} (weights). Hence `up` is the gradient of `down` and the reverse.
 *
 * Images are NHWC, weights [tap = 4*kh + kw][big][small].
 *
 * @module
 */

/** The sizes of a convolution between its big and its small side. */
export interface ConvShape {
  /** Pictures in the batch. */
  readonly batch: number;
  /** Rows of the small side; the big side has twice as many. */
  readonly height: number;
  /** Columns of the small side; the big side has twice as many. */
  readonly width: number;
  /** Channels of the big side. */
  readonly big: number;
  /** Channels of the small side. */
  readonly small: number;
}

/** Calls `visit` with the offsets of every (big pixel, small pixel, tap) that meet. */
function forEachMeeting(
  { batch, height, width, big, small }: ConvShape,
  visit: (bigAt: number, smallAt: number, tapAt: number) => void,
): void {
  for (let b = 0; b < batch; b++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const smallAt = ((b * height + y) * width + x) * small;
        for (let kh = 0; kh < 4; kh++) {
          const row = 2 * y + kh - 1;
          if (row < 0 || row >= 2 * height) continue; // padding
          for (let kw = 0; kw < 4; kw++) {
            const column = 2 * x + kw - 1;
            if (column < 0 || column >= 2 * width) continue;
            const bigAt = ((b * 2 * height + row) * 2 * width + column) * big;
            visit(bigAt, smallAt, (4 * kh + kw) * big * small);
          }
        }
      }
    }
  }
}

/** Conv2d's forward pass, and ConvTranspose2d's input gradient: the small side. */
export function down(
  bigSide: ArrayLike<number>,
  weights: ArrayLike<number>,
  shape: ConvShape,
): Float64Array {
  const { batch, height, width, big, small } = shape;
  const out = new Float64Array(batch * height * width * small);
  forEachMeeting(shape, (bigAt, smallAt, tapAt) => {
    for (let i = 0; i < big; i++) {
      for (let j = 0; j < small; j++) {
        out[smallAt + j] += bigSide[bigAt + i] * weights[tapAt + i * small + j];
      }
    }
  });
  return out;
}

/** ConvTranspose2d's forward pass, and Conv2d's input gradient: the big side. */
export function up(
  smallSide: ArrayLike<number>,
  weights: ArrayLike<number>,
  shape: ConvShape,
): Float64Array {
  const { batch, height, width, big, small } = shape;
  const out = new Float64Array(batch * 4 * height * width * big);
  forEachMeeting(shape, (bigAt, smallAt, tapAt) => {
    for (let i = 0; i < big; i++) {
      let sum = 0;
      for (let j = 0; j < small; j++) {
        sum += smallSide[smallAt + j] * weights[tapAt + i * small + j];
      }
      out[bigAt + i] += sum;
    }
  });
  return out;
}

/**
 * The weight gradient of both Conv2d and ConvTranspose2d, [16][big][small]: one side is the layer's
 * input, the other the gradient of its output.
 */
export function convWeightGradient(
  bigSide: ArrayLike<number>,
  smallSide: ArrayLike<number>,
  shape: ConvShape,
): Float64Array {
  const { big, small } = shape;
  const out = new Float64Array(16 * big * small);
  forEachMeeting(shape, (bigAt, smallAt, tapAt) => {
    for (let i = 0; i < big; i++) {
      for (let j = 0; j < small; j++) {
        out[tapAt + i * small + j] += bigSide[bigAt + i] * smallSide[smallAt + j];
      }
    }
  });
  return out;
}
