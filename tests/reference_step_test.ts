import assert from "node:assert/strict";
import { decodeSafetensors, type TensorFile } from "../src/format/safetensors.ts";
import type { Channels, DiscriminatorNorm, PictureSize } from "../src/model/layers.ts";
import { LOSSES, type LossName } from "../src/ops/loss_table.ts";
import { RECORDINGS } from "./recordings.ts";
import { createDiscriminator } from "./reference/discriminator.ts";
import { createGenerator } from "./reference/generator.ts";
import { CHANNELS_LAST, permute } from "./reference/layout.ts";
import {
  discriminatorEntries,
  generatorEntries,
  loadEntry,
  type StateEntry,
  storeEntry,
} from "./reference/state_dict.ts";
import { trainStep } from "./reference/step.ts";
import { assertClose, relativeL2 } from "./numeric.ts";

/** Two networks with a fixture's first weights, and all their tensors by the fixture's names. */
function openFixture({ tensors, metadata }: TensorFile) {
  const size = Number(metadata.size) as PictureSize;
  const channels = Number(metadata.channels ?? 3) as Channels;
  const G = createGenerator(Number(metadata.width), Number(metadata.nz), size, channels);
  const normD = (metadata.norm_d ?? "batch") as DiscriminatorNorm;
  const D = createDiscriminator(Number(metadata.width), size, channels, normD);
  const entries: [string, StateEntry][] = [
    ...generatorEntries(G).map((entry): [string, StateEntry] => [`G.${entry.name}`, entry]),
    ...discriminatorEntries(D).map((entry): [string, StateEntry] => [`D.${entry.name}`, entry]),
  ];
  for (const [name, entry] of entries) {
    const tensor = tensors.get(`init.${name}`);
    assert.deepEqual(tensor?.shape, entry.shape, `shape of ${name}`);
    loadEntry(entry, tensor!.data);
  }
  return { G, D, entries };
}

for (const name of RECORDINGS) {
  Deno.test(`trainStep() agrees with PyTorch's metrics and final weights of ${name}`, async () => {
    const url = new URL(`fixtures/${name}.safetensors`, import.meta.url);
    const file = decodeSafetensors(await Deno.readFile(url));
    const { tensors, metadata } = file;
    const { G, D, entries } = openFixture(file);
    const prefixed = [...tensors.keys()].filter((name) => name.startsWith("init."));
    assert.deepEqual(prefixed, entries.map(([name]) => `init.${name}`), "names in order");

    const loss = metadata.loss as LossName;
    const options = {
      loss,
      labels: LOSSES[loss].labels,
      lr: Number(metadata.lr),
      beta1: Number(metadata.beta1),
      beta2: Number(metadata.beta2),
    };
    for (let t = 0; t < Number(metadata.steps); t++) {
      const real = tensors.get(`real.${t}`)!;
      const photos = permute(real.data, real.shape, CHANNELS_LAST);
      const noise = Float64Array.from(tensors.get(`noise.${t}`)!.data);
      const { errD, errG, D_x, D_G_z1, D_G_z2 } = trainStep(G, D, photos, noise, t + 1, options);
      const expected = tensors.get(`metrics.${t}`)!.data;
      assertClose([errD, errG, D_x, D_G_z1, D_G_z2], expected, 1e-5, `metrics of step ${t}`);
    }
    for (const [name, entry] of entries) {
      // In length, not element by element: where a gradient is nearly zero, Adam makes a whole step
      // of its sign, which PyTorch's float32 and this float64 need not agree on.
      const error = relativeL2(storeEntry(entry), tensors.get(`final.${name}`)!.data);
      assert.ok(error <= 1e-5, `final ${name}: relative L2 error ${error}`);
    }
  });
}
