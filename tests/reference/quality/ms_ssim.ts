/** MS-SSIM written down plainly: every window's weights, means and covariances, one place at a time. */

const WEIGHTS = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];

/** The index of two pictures [size, size, 3]. */
export function referenceMsSsim(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  size: number,
): number {
  let [x, y] = [Array.from(a), Array.from(b)];
  let result = 1;
  for (let scale = 0; scale < 5; scale++) {
    const { ssim, structure } = oneScale(x, y, size);
    result *= Math.max(0, scale < 4 ? structure : ssim) ** WEIGHTS[scale];
    [x, y] = [halved(x, size), halved(y, size)];
    size = Math.floor(size / 2);
  }
  return result;
}

function oneScale(x: number[], y: number[], size: number): { ssim: number; structure: number } {
  const width = Math.min(11, size);
  const sigma = 1.5 * width / 11;
  const weight = (u: number, v: number): number =>
    Math.exp(-((u - (width - 1) / 2) ** 2 + (v - (width - 1) / 2) ** 2) / (2 * sigma * sigma));
  let total = 0;
  for (let u = 0; u < width; u++) for (let v = 0; v < width; v++) total += weight(u, v);
  let [ssim, structure, places] = [0, 0, 0];
  for (let colour = 0; colour < 3; colour++) {
    for (let top = 0; top + width <= size; top++) {
      for (let left = 0; left + width <= size; left++) {
        const expect = (of: (p: number, q: number) => number): number => {
          let sum = 0;
          for (let v = 0; v < width; v++) {
            for (let u = 0; u < width; u++) {
              const at = 3 * ((top + v) * size + left + u) + colour;
              sum += weight(u, v) / total * of(x[at], y[at]);
            }
          }
          return sum;
        };
        const [mx, my] = [expect((p) => p), expect((_, q) => q)];
        const vx = expect((p) => (p - mx) ** 2);
        const vy = expect((_, q) => (q - my) ** 2);
        const cov = expect((p, q) => (p - mx) * (q - my));
        const cs = (2 * cov + 58.5225) / (vx + vy + 58.5225);
        structure += cs;
        ssim += cs * (2 * mx * my + 6.5025) / (mx * mx + my * my + 6.5025);
        places++;
      }
    }
  }
  return { ssim: ssim / places, structure: structure / places };
}

function halved(values: number[], size: number): number[] {
  const half = Math.floor(size / 2);
  const out: number[] = [];
  for (let y = 0; y < half; y++) {
    for (let x = 0; x < half; x++) {
      for (let colour = 0; colour < 3; colour++) {
        let sum = 0;
        for (const [v, u] of [[0, 0], [0, 1], [1, 0], [1, 1]]) {
          sum += values[3 * ((2 * y + v) * size + 2 * x + u) + colour];
        }
        out.push(sum / 4);
      }
    }
  }
  return out;
}
