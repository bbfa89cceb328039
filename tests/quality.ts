/** Pictures for tests of quality: drawn houses, and the same made worse. */

import { pictureAt, type PictureSet } from "../src/quality/picture_set.ts";
import { fillNormal, Purpose, uniform } from "../src/random.ts";

/** Walls with windows in rows; the same key, the same pictures. */
export function houses(count: number, key: number, size = 64): PictureSet {
  const data = new Uint8Array(count * size * size * 3);
  for (let n = 0; n < count; n++) {
    const dice = (i: number): number => uniform(key, Purpose.Synth, n, i);
    const pitch = size / (3 + Math.floor(3 * dice(0)));
    const window = 0.3 + 0.4 * dice(1);
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const inside = (x / pitch) % 1 < window && (y / pitch + dice(2)) % 1 < window;
        for (let k = 0; k < 3; k++) {
          const wall = 90 + 130 * dice(3 + k) - 0.5 * y;
          data[3 * ((n * size + y) * size + x) + k] = inside ? 40 + 30 * dice(6 + k) : wall;
        }
      }
    }
  }
  return { count, size, data };
}

/** Pictures with noise of a deviation in grey levels, or blurred that many times (3x3 mean). */
export function changed(set: PictureSet, kind: "noise" | "blur", amount: number): PictureSet {
  const data = new Uint8ClampedArray(set.data);
  if (kind === "noise") {
    const noise = fillNormal(new Float32Array(data.length), 1, Purpose.Samples, 77);
    for (let i = 0; i < data.length; i++) data[i] = data[i] + amount * noise[i];
    return { ...set, data: new Uint8Array(data.buffer) };
  }
  const { size } = set;
  const edge = (i: number): number => Math.min(size - 1, Math.max(0, i));
  for (let time = 0; time < amount; time++) {
    const from = { ...set, data: new Uint8Array(data) };
    for (let n = 0; n < set.count; n++) {
      const picture = pictureAt(from, n);
      for (let i = 0; i < picture.length; i++) {
        const [x, y, k] = [Math.floor(i / 3) % size, Math.floor(i / 3 / size), i % 3];
        let sum = 0;
        for (let v = -1; v <= 1; v++) {
          for (let u = -1; u <= 1; u++) {
            sum += picture[3 * (edge(y + v) * size + edge(x + u)) + k];
          }
        }
        data[n * picture.length + i] = sum / 9;
      }
    }
  }
  return { ...set, data: new Uint8Array(data.buffer) };
}
