/**
 * Training as a user of the module sees it: create, step, read metrics, generate, save, resume.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import { megabytes, readBack, type Slice, upload } from "../gpu/buffers.ts";
import { type Gpu, OutOfMemoryError } from "../gpu/device.ts";
import { compileAhead, run } from "../gpu/program.ts";
import type { Tensor } from "../format/safetensors.ts";
import { Pictures } from "../image/pictures.ts";
import {
  discriminatorTensors,
  generatorLayers,
  generatorTensors,
  layersOf,
} from "../model/layers.ts";
import { planesToPixels } from "../model/image_layout.ts";
import { initialTensors } from "../model/initialise.ts";
import type { NetworkState } from "../model/network_state.ts";
import { Sampler } from "../model/sampler.ts";
import { hash4, Purpose } from "../random.ts";
import { adamCorrections } from "../ops/adam.ts";
import { evenTaps } from "../ops/even_taps.ts";
import type { FiniteCheck } from "../ops/finite.ts";
import { MetricAt } from "../ops/losses.ts";
import { METRICS_RING } from "../ops/step_uniform.ts";
import { canResume, type Checkpoint, holds } from "./checkpoint.ts";
import { checkSettings, type GivenSettings, type TrainSettings } from "./settings.ts";
import type { StepMetrics } from "./metrics.ts";
import { footprint, refuseTooLarge } from "./fit.ts";
import { makeTrainerState } from "./state.ts";
import type { AdamState, Step, StepState } from "./step.ts";

/** Which weights draw pictures: the moving average or the ones being trained. */
export type WeightChoice = "ema" | "current";

/**
 * Trains a generator and a discriminator on batches that the caller hands in.
 *
 * @example Usage
 * ```ts
 * import { openGpu, Trainer } from "@facadegan/facadegan";
 *
 * using gpu = await openGpu();
 * using trainer = Trainer.create(gpu, { width: 4, batch: 2, size: 32 });
 * trainer.step(new Uint8Array(2 * 32 * 32 * 3));
 * console.log(await trainer.readMetrics());
 * ```
 */
export class Trainer {
  /** Steps whose metrics are kept until they are read. */
  static readonly METRICS_RING: number = METRICS_RING;
  /** The settings. */
  readonly settings: TrainSettings;
  /** The GPU it trains on, with an account of errors of its own. */
  readonly gpu: Gpu;
  readonly #state: StepState;
  readonly #step: Step;
  readonly #samplers = new Map<WeightChoice, Sampler>();
  readonly #check: FiniteCheck;
  #stepsDone = 0;
  #metricsRead = 0;
  #redraws = 0;
  #finite = true;

  private constructor(gpu: Gpu, settings: TrainSettings) {
    this.gpu = gpu;
    this.settings = settings;
    ({ state: this.#state, step: this.#step, check: this.#check } = gpu.within(() =>
      makeTrainerState(gpu, settings)
    ));
  }

  /**
   * Makes networks with fresh weights drawn from the seed.
   *
   * @throws {UserError} If a setting is out of range, or more than the adapter's limits; nothing is
   * allocated then. Of memory that runs out {@linkcode Trainer.ready} tells.
   */
  static create(gpu: Gpu, given: GivenSettings = {}): Trainer {
    const settings = checkSettings(given);
    const trainer = Trainer.#open(gpu, settings);
    trainer.loadWeights(
      initialGenerator(settings),
      initialTensors(discriminatorTensors(settings), settings.seed, 1),
    );
    return trainer;
  }

  /**
   * Goes on where a checkpoint was taken: with the settings it holds, the same bits as if training
   * had never stopped. `changes` replace settings from here on.
   *
   * @throws {UserError} If a change makes other networks or another loss of it, is out of range, or
   * the checkpoint lacks a tensor, as one with weights alone does: see {@linkcode Trainer.fineTune}.
   */
  static resume(gpu: Gpu, checkpoint: Checkpoint, changes: GivenSettings = {}): Trainer {
    const before = checkpoint.settings;
    const labels = { ...before.labels, ...changes.labels };
    const settings = checkSettings({ ...before, ...changes, labels });
    refuseChanges(before, settings, ["size", "width", "nz", "channels", "normD", "loss"]);
    const trainer = Trainer.#open(gpu, settings);
    try {
      trainer.#restore(checkpoint);
    } catch (error) {
      trainer.destroy();
      throw error;
    }
    return trainer;
  }

  /**
   * Begins at step 0 with a checkpoint's weights and nothing else of it: fine-tuning, also of weights
   * from elsewhere. Settings are the checkpoint's unless `changes` says otherwise. A checkpoint without
   * a discriminator gets a fresh one, one with the moving average alone begins with that.
   *
   * @throws {UserError} If a change makes other networks of it, or is out of range.
   */
  static fineTune(gpu: Gpu, checkpoint: Checkpoint, changes: GivenSettings = {}): Trainer {
    const { settings: before, tensors } = checkpoint;
    // Another loss has labels of its own.
    const sameLoss = (changes.loss ?? before.loss) === before.loss;
    const labels = { ...(sameLoss ? before.labels : {}), ...changes.labels };
    const settings = checkSettings({ ...before, ...changes, labels });
    refuseChanges(before, settings, [
      "size",
      "width",
      "nz",
      "channels",
      ...(holds(checkpoint, "D") ? ["normD"] as const : []), // a fresh one may be any
    ]);
    const network = (prefix: string): Map<string, Tensor> | undefined => {
      const own = [...tensors].filter(([name]) => name.startsWith(prefix));
      return own.length === 0
        ? undefined
        : new Map(own.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
    };
    const generator = network("G.") ?? network("ema.G.");
    if (!generator) throw new UserError("the checkpoint holds no generator");
    const trainer = Trainer.#open(gpu, settings);
    trainer.loadWeights(
      generator,
      network("D.") ?? initialTensors(discriminatorTensors(settings), settings.seed, 1),
    );
    return trainer;
  }

  static #open(gpu: Gpu, settings: TrainSettings): Trainer {
    if (settings.half && !gpu.has("shader-f16")) {
      throw new UserError(
        `${gpu.summary.name} has no half precision (shader-f16): train without \`half\``,
      );
    }
    refuseTooLarge(gpu, settings);
    return new Trainer(gpu.share(), settings);
  }

  /** Steps done, those before a resume included. */
  get stepsDone(): number {
    return this.#stepsDone;
  }

  /** How often {@linkcode Trainer.rollBack} has been called, before a resume included. */
  get redraws(): number {
    return this.#redraws;
  }

  /**
   * Whether all weights were numbers when {@linkcode Trainer.readMetrics} last looked. NaN and infinity in
   * gradients and in Adam's moments reach the weights with the same step or the next.
   */
  get weightsFinite(): boolean {
    return this.#finite;
  }

  /**
   * The recorded step: for benchmarks and tests that look inside.
   *
   * @internal
   */
  get recorded(): Step {
    return this.#step;
  }

  /**
   * Replaces the weights by state dictionaries with PyTorch's names; the moving average starts
   * anew from them.
   *
   * @throws {UserError} If a tensor is missing or of another shape.
   */
  loadWeights(
    generator: ReadonlyMap<string, Tensor>,
    discriminator: ReadonlyMap<string, Tensor>,
  ): void {
    this.gpu.within(() => {
      this.#state.generator.load(generator);
      this.#state.average?.load(generator);
      this.#state.discriminator.load(discriminator);
    });
  }

  /**
   * One training step on a batch of photos, uint8 [B, size, size, 3]; the noise is drawn on the GPU
   * from the seed and the step's number. Returns at once: the GPU works on.
   */
  step(pixels: Uint8Array): void {
    const { batch, size } = this.settings;
    const expected = batch * size * size * 3;
    if (pixels.length !== expected) {
      throw new Error(
        `a batch is ${expected} bytes, [B, ${size}, ${size}, 3]; got ${pixels.length}`,
      );
    }
    this.gpu.within(() => {
      this.#beginStep();
      upload(this.gpu, this.#step.bytes, pixels);
      run(this.gpu, this.#step.inputs, this.#step.update);
    });
  }

  /** One training step on given numbers: photos [B, channels, size, size] in [-1, 1] and noise [B, nz]. */
  replay(real: Float32Array, noise: Float32Array): void {
    const { batch, nz, size, channels } = this.settings;
    if (real.length !== batch * channels * size * size || noise.length !== batch * nz) {
      throw new Error(
        `expected photos [${batch}, ${channels}, ${size}, ${size}] and noise [${batch}, ${nz}]`,
      );
    }
    this.gpu.within(() => {
      this.#beginStep();
      upload(this.gpu, this.#step.real, planesToPixels(real, size, channels));
      upload(this.gpu, this.#step.noise, noise);
      run(this.gpu, this.#step.update);
    });
  }

  #beginStep(): void {
    const { seed, lr, beta1, beta2, ema } = this.settings;
    const step = this.#stepsDone++;
    const redraws = this.#redraws;
    this.#step.uniform.write({
      seed: redraws === 0 ? seed : hash4(seed, Purpose.Redraw, redraws, 0)[0],
      step,
      ...adamCorrections(step, lr, beta1, beta2),
      // A young average spans a twentieth of the run so far: early weights would only blur it.
      ema: Math.min(ema, step / (step + 20)),
    });
  }

  /**
   * The metrics of all steps since the last call, oldest first; of more than
   * {@linkcode Trainer.METRICS_RING} only the last ones. One read-back, so call it every few
   * steps rather than after each.
   */
  async readMetrics(): Promise<StepMetrics[]> {
    const end = this.#stepsDone;
    const first = Math.max(this.#metricsRead, end - METRICS_RING);
    if (first === end) return [];
    this.gpu.within(() => this.#check.start());
    const [ring, found] = await readBack(this.gpu, [this.#step.metrics, this.#check.found]);
    this.#finite = new Uint32Array(found.buffer, found.byteOffset, 1)[0] === 0;
    this.#metricsRead = end;
    return Array.from({ length: end - first }, (_, i): StepMetrics => {
      const at = 8 * ((first + i) % METRICS_RING);
      return {
        step: first + i,
        errD: ring[at + MetricAt.lossReal] + ring[at + MetricAt.lossFake],
        errG: ring[at + MetricAt.errG],
        D_x: ring[at + MetricAt.D_x],
        D_G_z1: ring[at + MetricAt.D_G_z1],
        D_G_z2: ring[at + MetricAt.D_G_z2],
      };
    });
  }

  /**
   * Draws a picture for each row of noise [N, nz], normalisation in evaluation mode; with the moving
   * average's weights unless told otherwise or none is kept.
   */
  async generate(
    noise: Float32Array,
    options: { readonly weights?: WeightChoice } = {},
  ): Promise<Pictures> {
    const { generator, average } = this.#state;
    const choice = average ? options.weights ?? "ema" : "current";
    let sampler = this.#samplers.get(choice);
    if (!sampler) {
      const state = choice === "ema" ? average! : generator;
      sampler = new Sampler(this.gpu, state, this.settings);
      this.#samplers.set(choice, sampler);
    }
    return new Pictures(await sampler.generate(noise), this.settings.size);
  }

  /**
   * Has the driver compile a step's kernels while the caller goes on, instead of at the first step. Wait
   * for {@linkcode Trainer.finished} before the process may end: a driver at work then can crash.
   */
  compileAhead({ backwards = false }: { readonly backwards?: boolean } = {}): void {
    const { inputs, update } = this.#step;
    const dispatches = [...inputs.dispatches, ...update.dispatches];
    const order = backwards ? dispatches.toReversed() : dispatches;
    this.gpu.within(() => compileAhead(this.gpu, order));
  }

  /**
   * Waits until everything is there that training needs: a device says late that it has no memory left.
   * Where it has not, all is freed, and the device is as before.
   *
   * @throws {UserError} If the device ran out of memory, or was lost.
   */
  async ready(): Promise<void> {
    try {
      await this.gpu.settled();
    } catch (error) {
      this.destroy();
      if (!(error instanceof OutOfMemoryError)) throw error;
      const { batch, width } = this.settings;
      const bytes = megabytes(footprint(this.gpu, this.settings).bytes);
      const smaller = batch > 1 ? `\`batch\` ${batch >> 1}` : "a smaller `width`";
      throw new UserError(
        `\`batch\` ${batch} at \`width\` ${width} needs ${bytes} in all, more than the device has ` +
          `left: try ${smaller}`,
      );
    }
  }

  /** Waits until the GPU has done all it was given. */
  async finished(): Promise<void> {
    await this.gpu.device.queue.onSubmittedWorkDone();
    this.gpu.check();
  }

  /** Everything that a resumed run needs. */
  async snapshot(): Promise<Checkpoint> {
    const { generator, discriminator, average, adamG, adamD } = this.#state;
    const weights = (state: NetworkState): Slice[] => [state.parameters, state.running];
    const steps = this.#stepsDone; // a page may train on while this is read back
    const [gp, gr, dp, dr, gm, gv, dm, dv, ap, ar] = await readBack(this.gpu, [
      ...weights(generator),
      ...weights(discriminator),
      adamG.moment1,
      adamG.moment2,
      adamD.moment1,
      adamD.moment2,
      ...(average ? weights(average) : []),
    ]);
    const tensors = new Map<string, Tensor>();
    const add = (prefix: string, dictionary: Map<string, Tensor>) =>
      dictionary.forEach((tensor, name) => tensors.set(prefix + name, tensor));
    add("G.", generator.stateDict(gp, gr, steps));
    add("D.", discriminator.stateDict(dp, dr, 3 * steps)); // three forward passes a step
    if (average) add("ema.G.", average.stateDict(ap, ar, steps));
    add("adam.G.m.", generator.unpack(gm, "parameters"));
    add("adam.G.v.", generator.unpack(gv, "parameters"));
    add("adam.D.m.", discriminator.unpack(dm, "parameters"));
    add("adam.D.v.", discriminator.unpack(dv, "parameters"));
    const redraws = this.#redraws;
    return {
      settings: this.settings,
      stepsDone: steps,
      ...(redraws > 0 ? { redraws } : {}),
      tensors,
    };
  }

  /**
   * Returns to an earlier state of this run, and draws other noise from there on than it did before.
   *
   * @throws {UserError} If the checkpoint is of other networks or holds weights alone.
   */
  rollBack(checkpoint: Checkpoint): void {
    const redraws = this.#redraws + 1;
    this.#restore(checkpoint);
    this.#redraws = redraws;
  }

  #restore(checkpoint: Checkpoint): void {
    const { tensors, stepsDone } = checkpoint;
    const { generator, discriminator, average, adamG, adamD } = this.#state;
    if (!canResume(checkpoint)) {
      throw new UserError(
        "the checkpoint holds weights alone, not a run to go on with: fine-tune it " +
          "(`Trainer.fineTune()`; train --resume FILE --weights-only)",
      );
    }
    // Pack everything before uploading anything: a lack must show before half of it is there.
    const uploads: [Slice, Float32Array][] = [];
    const add = (network: NetworkState, prefix: string) => {
      uploads.push([network.parameters, network.pack(tensors, prefix, "parameters")]);
      uploads.push([network.running, network.pack(tensors, prefix, "running")]);
    };
    add(generator, "G.");
    add(discriminator, "D.");
    if (average) add(average, holds(checkpoint, "ema.G") ? "ema.G." : "G.");
    const adam = (network: NetworkState, state: AdamState, prefix: string) => {
      uploads.push([state.moment1, network.pack(tensors, `${prefix}m.`, "parameters")]);
      uploads.push([state.moment2, network.pack(tensors, `${prefix}v.`, "parameters")]);
    };
    adam(generator, adamG, "adam.G.");
    adam(discriminator, adamD, "adam.D.");
    this.gpu.within(() => uploads.forEach(([slice, data]) => upload(this.gpu, slice, data)));
    this.#stepsDone = stepsDone;
    this.#metricsRead = stepsDone;
    this.#redraws = checkpoint.redraws ?? 0;
    this.#finite = true;
  }

  /** Frees everything on the GPU; the device stays open. */
  destroy(): void {
    const { generator, discriminator, average, adamG, adamD } = this.#state;
    for (const sampler of this.#samplers.values()) sampler.destroy();
    this.#step.destroy();
    this.#check.destroy();
    for (const part of [generator, discriminator, average, adamG, adamD]) part?.destroy();
  }

  /** Frees the trainer at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.destroy();
  }
}

/** Refuses settings that differ from the checkpoint's where they must not. */
function refuseChanges(
  before: TrainSettings,
  settings: TrainSettings,
  keys: readonly ("size" | "width" | "nz" | "channels" | "normD" | "loss")[],
): void {
  for (const key of keys) {
    if (settings[key] !== before[key]) {
      throw new UserError(
        `the checkpoint was trained with \`${key}\` ${before[key]}, this run has \`${key}\` ` +
          `${settings[key]}: leave \`${key}\` as it is, or start a new run`,
      );
    }
  }
}

/** Fresh weights of the generator, which draw no checkerboard where none is wanted. */
function initialGenerator(settings: TrainSettings): Map<string, Tensor> {
  const tensors = initialTensors(generatorTensors(settings), settings.seed, 0);
  if (settings.upsample === "free") return tensors;
  for (const { name } of layersOf(generatorLayers(settings), "conv")) {
    const { shape, data } = tensors.get(`${name}.weight`)!;
    tensors.set(`${name}.weight`, { shape, data: evenTaps(data) });
  }
  return tensors;
}
