/**
 * The reference networks' tensors under PyTorch's state_dict names, shapes and order. Written apart
 * from the model's own state dictionary on purpose: each checks the other.
 *
 * @module
 */

import type { Discriminator, SpectralLayer } from "./discriminator.ts";
import type { Generator } from "./generator.ts";
import { CHANNELS_LAST, CONV_AXES, inverseAxes, permute } from "./layout.ts";
import type { NormLayer } from "./norm_layer.ts";

/** One tensor of a network. */
export interface StateEntry {
  /** PyTorch's name, as `main.0.weight`. */
  readonly name: string;
  /** PyTorch's shape. */
  readonly shape: readonly number[];
  /** Axes that turn the tensor, seen as `viewed`, into our order; none where the order is one. */
  readonly axes: readonly number[];
  /** The shape the axes speak of. */
  readonly viewed: readonly number[];
  /** The numbers in our order. */
  readonly data: Float64Array;
}

function entry(
  name: string,
  data: Float64Array,
  shape: readonly number[],
  axes: readonly number[] = shape.map((_, i) => i),
  viewed: readonly number[] = shape,
): StateEntry {
  return { name, shape, axes, viewed, data };
}

function normEntries(name: string, { gamma, beta, running, batches }: NormLayer): StateEntry[] {
  const shape = [gamma.value.length];
  return [
    entry(`${name}.weight`, gamma.value, shape),
    entry(`${name}.bias`, beta.value, shape),
    entry(`${name}.running_mean`, running.mean, shape),
    entry(`${name}.running_var`, running.variance, shape),
    entry(`${name}.num_batches_tracked`, batches, []),
  ];
}

/** The generator's tensors: `main` counts layer, norm and activation, three by three. */
export function generatorEntries({ nz, layers, first, norms, convs }: Generator): StateEntry[] {
  return [
    entry("main.0.weight", first.value, [nz, layers[0].small, 4, 4], CHANNELS_LAST),
    ...layers.flatMap(({ small, big }, i) => [
      ...normEntries(`main.${3 * i + 1}`, norms[i]),
      entry(`main.${3 * i + 3}.weight`, convs[i].value, [small, big, 4, 4], CONV_AXES),
    ]),
  ];
}

/** A spectrally normalised layer's tensors, under the names of PyTorch's parametrizations. */
function spectralEntries(
  name: string,
  bias: Float64Array,
  { weight, u, v }: SpectralLayer,
  columns: readonly number[],
): StateEntry[] {
  const inner = `${name}.parametrizations.weight`;
  const [channels] = columns;
  const isHead = columns.length === 1;
  const count = v.length;
  const original = isHead
    ? entry(`${inner}.original`, weight.value, [1, count], CHANNELS_LAST, [1, channels, 4, 4])
    : entry(`${inner}.original`, weight.value, [u.length, ...columns], CONV_AXES);
  return [
    entry(`${name}.bias`, bias, [bias.length]),
    original,
    entry(`${inner}.0._u`, u, [u.length]),
    // PyTorch counts channels, then taps; we taps, then channels.
    entry(`${inner}.0._v`, v, [count], [1, 0], [channels, 16]),
  ];
}

/** The discriminator's tensors: no norm after the first layer, flatten and head at the end. */
export function discriminatorEntries(net: Discriminator): StateEntry[] {
  const { layers, convs, norms, biases, spectral, head, bias } = net;
  const channels = layers.at(-1)!.small;
  if (spectral.length > 0) {
    return [
      ...layers.flatMap(({ big }, i) =>
        spectralEntries(`main.${2 * i}`, biases[i].value, spectral[i], [big, 4, 4])
      ),
      ...spectralEntries(`main.${2 * layers.length + 1}`, bias.value, spectral.at(-1)!, [channels]),
    ];
  }
  const hidden = layers.flatMap(({ small, big }, i) => {
    const at = i === 0 ? 0 : 3 * i - 1;
    const conv = entry(`main.${at}.weight`, convs[i].value, [small, big, 4, 4], CONV_AXES);
    return i === 0 ? [conv] : [conv, ...normEntries(`main.${at + 1}`, norms[i - 1])];
  });
  const last = `main.${3 * layers.length}`;
  return [
    ...hidden,
    entry(`${last}.weight`, head.value, [1, 16 * channels], CHANNELS_LAST, [1, channels, 4, 4]),
    entry(`${last}.bias`, bias.value, [1]),
  ];
}

/** Copies a tensor in PyTorch's order into the network. */
export function loadEntry({ viewed, axes, data }: StateEntry, tensor: ArrayLike<number>): void {
  data.set(permute(tensor, viewed, axes));
}

/** The network's numbers in PyTorch's order. */
export function storeEntry({ viewed, axes, data }: StateEntry): Float64Array {
  return permute(data, axes.map((axis) => viewed[axis]), inverseAxes(axes));
}
