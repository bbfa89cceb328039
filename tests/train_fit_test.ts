import assert from "node:assert/strict";
import { Gpu, openGpu } from "../src/gpu/device.ts";
import { footprint, refuseTooLarge } from "../src/train/fit.ts";
import { checkSettings, type GivenSettings } from "../src/train/settings.ts";
import { Trainer } from "../src/train/trainer.ts";

/** Adds up what a device is asked to make; `stop` puts its own methods back. */
function countBytes(device: GPUDevice): { bytes: number; stop(): void } {
  const count = {
    bytes: 0,
    stop: () => names.forEach((name) => Reflect.deleteProperty(device, name)),
  };
  const names = ["createBuffer", "createTexture"] as const;
  for (const name of names) {
    const real = device[name] as (descriptor: unknown) => object;
    Object.defineProperty(device, name, {
      configurable: true,
      value(descriptor: GPUBufferDescriptor & GPUTextureDescriptor) {
        const { size, format } = descriptor;
        const numbers = typeof size === "number" ? [size] : [...size as Iterable<number>];
        const texel = name === "createBuffer" ? 1 : format === "rgba32float" ? 16 : 8;
        count.bytes += numbers.reduce((product, number) => product * number, texel);
        return Reflect.apply(real, device, [descriptor]);
      },
    });
  }
  return count;
}

Deno.test("the footprint of a training is what the device is asked for, to the byte", async () => {
  using gpu = await openGpu();
  for (const given of [{ size: 32, width: 4, batch: 2 }, { width: 8, batch: 4, ema: 0 }] as const) {
    const counted = countBytes(gpu.device);
    using _trainer = Trainer.create(gpu, given);
    counted.stop();
    const { bytes, tooLarge } = footprint(gpu, checkSettings(given));
    assert.equal(tooLarge, undefined);
    assert.equal(bytes, counted.bytes);
  }
});

Deno.test("settings beyond an adapter's limits are refused before anything is made, with the batch that fits", async () => {
  using opened = await openGpu();
  const limits = { ...opened.summary.limits, maxStorageBufferBindingSize: 2 ** 20 };
  const gpu = new Gpu(opened.device, { ...opened.summary, limits });
  const given: GivenSettings = { size: 32, width: 8, batch: 100 };
  const counted = countBytes(opened.device);
  let message = "";
  assert.throws(() => Trainer.create(gpu, given), (error: Error) => {
    message = error.message;
    return error.name === "UserError";
  });
  assert.equal(counted.bytes, 0);
  counted.stop();
  const fits =
    /^`batch` 100 at `width` 8 needs \d+ MB for the .*, and this adapter binds at most 1 MB: `batch` (\d+) fits$/
      .exec(message)?.[1];
  assert.ok(fits, message);
  const at = (batch: number) => footprint(gpu, checkSettings({ ...given, batch })).tooLarge;
  assert.equal(at(Number(fits)), undefined);
  assert.ok(at(Number(fits) + 1));
  using _trainer = Trainer.create(gpu, { ...given, batch: Number(fits) });
  const small = { ...opened.summary.limits, maxBufferSize: 2 ** 20 };
  const making = new Gpu(opened.device, { ...opened.summary, limits: small });
  assert.throws(
    () => Trainer.create(making, given),
    /this adapter makes buffers of at most 1 MB: /,
  );
  const settings = checkSettings(given);
  const { bytes } = footprint(opened, { ...settings, batch: 50 });
  assert.throws(
    () => refuseTooLarge(opened, settings, bytes),
    /needs \d+ MB in all, and \d+ MB of memory are free: `batch` 50 fits$/,
  );
  assert.throws(
    () => Trainer.create(gpu, { width: 256, batch: 2 }),
    /: no `batch` fits, try a smaller/,
  );
});

Deno.test("memory that runs out while a trainer is made is told in one line, and others go on", async () => {
  using gpu = await openGpu();
  using other = Trainer.create(gpu, { size: 32, width: 4, batch: 2 });
  const { popErrorScope } = gpu.device;
  let first = true;
  Object.defineProperty(gpu.device, "popErrorScope", {
    configurable: true,
    async value(this: GPUDevice) {
      const error = await Reflect.apply(popErrorScope, this, []);
      if (!first) return error;
      first = false;
      return new GPUOutOfMemoryError("Not enough memory left");
    },
  });
  const poor = Trainer.create(gpu, { size: 32, width: 4, batch: 6 });
  await assert.rejects(
    poor.ready(),
    /^UserError: `batch` 6 at `width` 4 needs \d+ MB in all, more than the device has left: try `batch` 3$/,
  );
  other.step(new Uint8Array(2 * 32 * 32 * 3));
  assert.equal((await other.readMetrics()).length, 1);
});
