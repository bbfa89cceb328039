/**
 * Spectral normalisation of a weight matrix (Miyato et al., "Spectral Normalization for Generative
 * Adversarial Networks", ICLR 2018): W / sigma, sigma being the largest singular value, found by power
 * iteration over the steps of a training as PyTorch's `parametrizations.spectral_norm` does it.
 *
 * A matrix lies as [K][S], the transpose of PyTorch's: for a convolution K is taps times input
 * channels, S the output channels.
 *
 * @module
 */

import gradientSource from "../../shaders/spectral_gradient.wgsl" with { type: "text" };
import gradientFinishSource from "../../shaders/spectral_gradient_finish.wgsl" with {
  type: "text",
};
import gradientSumsSource from "../../shaders/spectral_gradient_sums.wgsl" with { type: "text" };
import scaleSource from "../../shaders/spectral_scale.wgsl" with { type: "text" };
import sizesSource from "../../shaders/spectral_sizes.wgsl" with { type: "text" };
import totalSource from "../../shaders/spectral_total.wgsl" with { type: "text" };
import uSource from "../../shaders/spectral_u.wgsl" with { type: "text" };
import uSumsSource from "../../shaders/spectral_u_sums.wgsl" with { type: "text" };
import vSource from "../../shaders/spectral_v.wgsl" with { type: "text" };
import vSumsSource from "../../shaders/spectral_v_sums.wgsl" with { type: "text" };
import { makeBuffer, type Slice, upload } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/device.ts";
import { type Kernel, makeKernel } from "../gpu/kernel.ts";
import { linearGrid, type Program } from "../gpu/program.ts";

/** Rows of a chunk: few enough that the sum of products of a chunk is as exact as one of its terms. */
const CHUNK_ROWS = 64;

/** The singular vectors that belong to sigma; unit vectors. */
export interface SingularVectors {
  /** [S]. */
  readonly u: Slice;
  /** [K]. */
  readonly v: Slice;
}

/** One matrix's workspace on the GPU, and the recording of its passes. */
export class SpectralNorm {
  readonly #k: number;
  readonly #s: number;
  readonly #chunks: number;
  /** Workgroups that share the product of two matrices. */
  readonly #groups: number;
  /** Threads where one workgroup does it all. */
  readonly #threads: number;
  /** Threads that share a row. */
  readonly #lanes: number;
  readonly #partial: Slice;
  readonly #product: Slice;
  readonly #sigma: Slice;
  readonly #sizes: Slice;

  /** Makes the workspace for a matrix [k][s], whose numbers are a multiple of four. */
  constructor(gpu: Gpu, k: number, s: number) {
    [this.#k, this.#s] = [k, s];
    this.#chunks = Math.ceil(k / CHUNK_ROWS);
    // Barriers cost a processor more than they save.
    this.#groups = gpu.software ? 16 : 256;
    this.#threads = gpu.software ? 64 : 256;
    this.#lanes = gpu.software ? 1 : 16;
    const partial = Math.max(this.#chunks * s, this.#groups);
    this.#partial = makeBuffer(gpu, "spectral norm partial sums", partial);
    // Both vectors lie in one buffer, which a kernel may not read and write at once.
    this.#product = makeBuffer(gpu, "spectral norm product", k);
    this.#sigma = makeBuffer(gpu, "spectral norm sigma", 2);
    this.#sizes = makeBuffer(gpu, "spectral norm sizes", 4);
    upload(gpu, this.#sizes, Uint32Array.of(k, s, this.#chunks, CHUNK_ROWS));
  }

  #kernel(gpu: Gpu, what: string, source: string): Kernel {
    return makeKernel(gpu, `spectral norm ${what}`, source, {
      THREADS: this.#threads,
      GROUPS: this.#groups,
      LANES: this.#lanes,
    });
  }

  /** Records an iteration of `u` and `v`, in place, and then `normalised` = weight / sigma. */
  recordNormalise(
    program: Program,
    weight: Slice,
    { u, v }: SingularVectors,
    normalised: Slice,
  ): void {
    const { gpu } = program;
    const [k, s] = [this.#k, this.#s];
    const [sizes, partial, sigma] = [this.#sizes, this.#partial, this.#sigma];
    const product = { flops: 2 * k * s, bytes: 4 * k * s };
    const kernel = (what: string, source: string) => this.#kernel(gpu, what, sizesSource + source);
    program.dispatch(
      kernel("u sums", uSumsSource),
      [weight, v, partial, sizes],
      linearGrid(this.#chunks * s, 64),
      product,
    );
    program.dispatch(kernel("u", totalSource + uSource), [partial, u, sizes], [1, 1, 1]);
    program.dispatch(
      kernel("v sums", vSumsSource),
      [weight, u, this.#product, sizes],
      linearGrid(k * this.#lanes, 64),
      product,
    );
    program.dispatch(
      kernel("v", totalSource + vSource),
      [this.#product, v, sigma, sizes],
      [1, 1, 1],
    );
    program.dispatch(
      kernel("scale", scaleSource),
      [weight, sigma, normalised, sizes],
      linearGrid(k * s / 4, 64),
      { bytes: 8 * k * s },
    );
  }

  /**
   * Records making the gradient by the normalised weights, `gradient`, that by the weights, in place; for
   * the vectors and weights of the last forward pass.
   */
  recordGradient(
    program: Program,
    gradient: Slice,
    { u, v }: SingularVectors,
    normalised: Slice,
  ): void {
    const { gpu } = program;
    const [k, s] = [this.#k, this.#s];
    const [sizes, partial, sigma] = [this.#sizes, this.#partial, this.#sigma];
    program.dispatch(
      this.#kernel(gpu, "gradient sums", sizesSource + totalSource + gradientSumsSource),
      [gradient, normalised, partial, sizes],
      [this.#groups, 1, 1],
      { flops: 2 * k * s, bytes: 8 * k * s },
    );
    program.dispatch(
      this.#kernel(gpu, "gradient finish", totalSource + gradientFinishSource),
      [partial, sigma],
      [1, 1, 1],
    );
    program.dispatch(
      this.#kernel(gpu, "gradient", sizesSource + gradientSource),
      [gradient, u, v, sigma, sizes],
      linearGrid(k * s, 64),
      { bytes: 8 * k * s },
    );
  }

  /** Frees the workspace. */
  destroy(): void {
    for (const { buffer } of [this.#partial, this.#product, this.#sigma, this.#sizes]) {
      buffer.destroy();
    }
  }
}
