/**
 * A network that the user brings, such as InceptionV3 up to its pooling, and what it says of pictures.
 *
 * @module
 */

import { loadOnnxRuntime, type OnnxRuntime, type OrtSession } from "../deps/onnxruntime.ts";
import { type FeatureRange, RANGES } from "./feature_ranges.ts";
import { oneLine, UserError } from "../errors.ts";
import { resample } from "../image/resample.ts";
import type { Features } from "../quality/features.ts";
import { pictureAt, type PictureSet } from "../quality/picture_set.ts";

/** What a network's only input looks like. */
interface Input {
  readonly name: string;
  /** Pictures at once; undefined: any number. */
  readonly batch: number | undefined;
  /** Rows and columns; undefined: any. */
  readonly height: number | undefined;
  readonly width: number | undefined;
  /** Whether colours stand together, [N, H, W, 3], or apart, [N, 3, H, W]. */
  readonly together: boolean;
}

/** Pictures at once where the network does not say. */
const BATCH = 16;

/** A network in an ONNX file. */
export class FeatureNetwork {
  readonly #path: string;
  readonly #runtime: OnnxRuntime;
  readonly #session: OrtSession;
  readonly #input: Input;
  readonly #range: FeatureRange;

  private constructor(
    path: string,
    runtime: OnnxRuntime,
    session: OrtSession,
    range: FeatureRange,
  ) {
    this.#path = path;
    this.#runtime = runtime;
    this.#session = session;
    this.#input = inputOf(session, path);
    this.#range = range;
  }

  /**
   * Reads a network.
   *
   * @throws {UserError} If the file is missing, no ONNX file, or its network takes no pictures.
   */
  static async open(path: string, range: FeatureRange): Promise<FeatureNetwork> {
    let bytes: Uint8Array;
    try {
      bytes = await Deno.readFile(path);
    } catch (error) {
      throw new UserError(`cannot read the network ${path}: ${oneLine((error as Error).message)}`);
    }
    const runtime = await loadOnnxRuntime();
    let session: OrtSession;
    try {
      session = await runtime.InferenceSession.create(bytes);
    } catch (error) {
      const why = oneLine(String((error as Error)?.message ?? error));
      throw new UserError(`${path} is no network in the ONNX format: ${why}`);
    }
    return new FeatureNetwork(path, runtime, session, range);
  }

  /**
   * What the network says of each picture: its first output, averaged over places where it has such.
   * Pictures are resampled to the size it takes.
   *
   * @throws {UserError} If the network fails, or says what is no number.
   */
  async featuresOf(
    pictures: PictureSet,
    onProgress: (done: number) => void = () => {},
  ): Promise<Features> {
    const batch = this.#input.batch ?? BATCH;
    let [length, out] = [0, new Float32Array()];
    for (let first = 0; first < pictures.count; first += batch) {
      const count = Math.min(batch, pictures.count - first);
      const found = await this.#run(this.#tensorOf(pictures, first, count));
      if (first === 0) {
        length = found.length / (this.#input.batch ?? count);
        out = new Float32Array(pictures.count * length);
      }
      out.set(found.subarray(0, count * length), first * length);
      onProgress(first + count);
    }
    if (!out.every(Number.isFinite)) {
      throw new UserError(
        `${this.#path} says what is no number of some pictures: does it take colours as ` +
          `\`featuresRange\` ${this.#range} has them?`,
      );
    }
    return { count: pictures.count, length, data: out };
  }

  /** Pictures as the network takes them; behind the last one zeros, where their number is fixed. */
  #tensorOf(pictures: PictureSet, first: number, count: number) {
    const { size } = pictures;
    const { batch = count, height = size, width = size, together } = this.#input;
    const { gain, bias } = RANGES[this.#range];
    const data = new Float32Array(batch * 3 * height * width);
    const whole = { x: 0, y: 0, width: size, height: size };
    for (let i = 0; i < count; i++) {
      const image = {
        width: size,
        height: size,
        data: Uint8Array.from(pictureAt(pictures, first + i)),
      };
      const same = height === size && width === size;
      const { data: pixels } = same ? image : resample(image, whole, width, height);
      const base = i * pixels.length;
      pixels.forEach((colour, at) => {
        const [pixel, channel] = [Math.floor(at / 3), at % 3];
        const to = together ? at : channel * height * width + pixel;
        data[base + to] = gain[channel] * colour + bias[channel];
      });
    }
    const shape = together ? [batch, height, width, 3] : [batch, 3, height, width];
    return new this.#runtime.Tensor("float32", data, shape);
  }

  /** The first output of a batch, [N, length]. */
  async #run(tensor: InstanceType<OnnxRuntime["Tensor"]>): Promise<Float32Array> {
    const name = this.#session.outputNames[0];
    let output;
    try {
      output = (await this.#session.run({ [this.#input.name]: tensor }))[name];
    } catch (error) {
      throw new UserError(`${this.#path} fails: ${oneLine((error as Error).message)}`);
    }
    const { data, dims } = output;
    const [count, channels] = dims;
    const isFeatures = data instanceof Float32Array && [2, 4].includes(dims.length) &&
      count === tensor.dims[0];
    if (!isFeatures) {
      throw new UserError(
        `the first output of ${this.#path}, ${name}, is [${dims.join(", ")}] for ` +
          `${tensor.dims[0]} pictures; features are [N, length] or [N, length, H, W] in float32`,
      );
    }
    if (dims.length === 2) return data;
    const places = dims[2] * dims[3];
    return Float32Array.from({ length: count * channels }, (_, i) => {
      let sum = 0;
      for (let place = 0; place < places; place++) sum += data[i * places + place];
      return sum / places;
    });
  }
}

function inputOf({ inputMetadata }: OrtSession, path: string): Input {
  const [{ name, type, shape = [] }] = inputMetadata.length > 0 ? inputMetadata : [{ name: "" }];
  const together = shape[3] === 3 && shape[1] !== 3;
  const isPicture = inputMetadata.length === 1 && type === "float32" && shape.length === 4 &&
    (together || shape[1] === 3 || typeof shape[1] === "string");
  if (!isPicture) {
    const found = inputMetadata.map((one) => `${one.name} [${one.shape?.join(", ") ?? ""}]`);
    throw new UserError(
      `${path} takes ${found.join(" and ")}; a network that judges pictures takes one input, ` +
        "[N, 3, H, W] or [N, H, W, 3] in float32",
    );
  }
  const [height, width] = (together ? shape.slice(1, 3) : shape.slice(2)).map(known);
  return { name, batch: known(shape[0]), height, width, together };
}

/** A size that is fixed. */
function known(size: number | string | undefined): number | undefined {
  return typeof size === "number" && size > 0 ? size : undefined;
}
