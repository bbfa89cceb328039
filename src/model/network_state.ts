/**
 * A network's numbers on the GPU: parameters and running statistics, each one flat buffer, and
 * their way in and out as a state dictionary.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import { makeBuffer, readBack, type Slice, sliceOf, upload } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/device.ts";
import type { Tensor } from "../format/safetensors.ts";
import { pack, type ParameterTable, type PlacedTensor, unpack } from "./parameters.ts";

/** A network's tensors on the GPU. */
export class NetworkState {
  /** Which tensors there are. */
  readonly table: ParameterTable;
  /** All parameters, flat. */
  readonly parameters: Slice;
  /** All running means and variances, and singular vectors, flat. */
  readonly running: Slice;
  readonly #gpu: Gpu;
  readonly #byName: Map<string, PlacedTensor>;

  /** Makes zeroed buffers for a network. */
  constructor(gpu: Gpu, label: string, table: ParameterTable) {
    this.#gpu = gpu;
    this.table = table;
    this.parameters = makeBuffer(gpu, `${label} parameters`, table.parameterCount);
    this.running = makeBuffer(gpu, `${label} running statistics`, table.runningCount);
    this.#byName = new Map(table.tensors.map((tensor) => [tensor.name, tensor]));
  }

  #placed(name: string): PlacedTensor {
    const tensor = this.#byName.get(name);
    if (!tensor) throw new Error(`no tensor ${name}`);
    return tensor;
  }

  /** The part of `flat`, a buffer laid out as the parameters are, that belongs to a tensor. */
  slice(name: string, flat: Slice = this.parameters): Slice {
    const { offset, floats } = this.#placed(name);
    return sliceOf(flat, offset, floats);
  }

  /** A normalisation's running mean and variance, [2, channels]. */
  runningStatistics(norm: string): Slice {
    const { offset, floats } = this.#placed(`${norm}.running_mean`);
    return sliceOf(this.running, offset, 2 * floats);
  }

  /** One of the tensors that a forward pass brings up to date. */
  runningSlice(name: string): Slice {
    const { offset, floats } = this.#placed(name);
    return sliceOf(this.running, offset, floats);
  }

  /** Uploads a state dictionary; `prefix` stands before the names. */
  load(tensors: ReadonlyMap<string, Tensor>, prefix = ""): void {
    upload(this.#gpu, this.parameters, this.pack(tensors, prefix, "parameters"));
    upload(this.#gpu, this.running, this.pack(tensors, prefix, "running"));
  }

  /**
   * A flat buffer's content from named tensors.
   *
   * @throws {UserError} If a tensor is missing or of another shape.
   */
  pack(
    tensors: ReadonlyMap<string, Tensor>,
    prefix: string,
    home: "parameters" | "running",
  ): Float32Array<ArrayBuffer> {
    const flat = new Float32Array(
      home === "parameters" ? this.table.parameterCount : this.table.runningCount,
    );
    for (const tensor of this.table.tensors) {
      if (tensor.home !== home) continue;
      const given = tensors.get(prefix + tensor.name);
      if (!given) throw new UserError(`the file holds no tensor ${prefix}${tensor.name}`);
      if (given.shape.join() !== tensor.shape.join()) {
        throw new UserError(
          `tensor ${prefix}${tensor.name} is [${given.shape.join(", ")}], expected [${
            tensor.shape.join(", ")
          }]: is the file from another width or size?`,
        );
      }
      pack(tensor, given.data, flat);
    }
    return flat;
  }

  /** Named tensors of one home from its flat content, in PyTorch's order. */
  unpack(flat: Float32Array, home: "parameters" | "running"): Map<string, Tensor> {
    const chosen = this.table.tensors.filter((tensor) => tensor.home === home);
    return new Map(
      chosen.map((tensor) => [tensor.name, { shape: tensor.shape, data: unpack(tensor, flat) }]),
    );
  }

  /** The state dictionary in PyTorch's order; `batchesTracked` is the counters' value. */
  stateDict(
    parameters: Float32Array,
    running: Float32Array,
    batchesTracked: number,
  ): Map<string, Tensor> {
    const held = new Map([
      ...this.unpack(parameters, "parameters"),
      ...this.unpack(running, "running"),
    ]);
    return new Map(this.table.tensors.map(({ name, shape, home }): [string, Tensor] => [
      name,
      home === "counter" ? { shape, data: Float32Array.of(batchesTracked) } : held.get(name)!,
    ]));
  }

  /** Reads the state dictionary back from the GPU. */
  async read(batchesTracked: number): Promise<Map<string, Tensor>> {
    const [parameters, running] = await readBack(this.#gpu, [this.parameters, this.running]);
    return this.stateDict(parameters, running, batchesTracked);
  }

  /** Frees the buffers. */
  destroy(): void {
    this.parameters.buffer.destroy();
    this.running.buffer.destroy();
  }
}
