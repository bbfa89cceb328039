import assert from "node:assert/strict";
import {
  photoOptions,
  refuseEmulatedHalf,
  resumedInvocation,
  totalSteps,
  trainSettings,
} from "../src/cli/actions/train_plan.ts";
import { PROGRAM } from "../src/cli/commands/mod.ts";
import { TRAIN } from "../src/cli/commands/train.ts";
import { createInvocation, type Invocation } from "../src/cli/invocation.ts";
import { parseLine } from "../src/cli/parse_line.ts";
import { type OptionFile, resolveOptions } from "../src/cli/resolve.ts";
import type { DatasetOptions } from "../src/data/mod.ts";
import { DEFAULT_AUGMENTATION, resolveOptions as resolvePhotos } from "../src/data/options.ts";
import { RunFolder } from "../src/run/folder.ts";
import { type Preset, PRESETS } from "../src/train/presets.ts";
import { checkSettings, type TrainSettings } from "../src/train/settings.ts";

/** What `train` gets for a command line, beside a file with options. */
function invocationOf(
  line: string,
  file?: OptionFile,
  env: Readonly<Record<string, string>> = {},
): Invocation<typeof TRAIN> {
  const words = line === "" ? [] : line.split(" ");
  const { options } = parseLine(PROGRAM, ["train", ...words]);
  const resolve = (file?: OptionFile) =>
    resolveOptions(TRAIN, { commandLine: options, env: (name) => env[name], file });
  return createInvocation(resolve, [], file);
}

function settingsOf(line: string, software = true): TrainSettings {
  return trainSettings(invocationOf(line).options, software);
}

function photosOf(line: string): DatasetOptions {
  return photoOptions(invocationOf(line).options, settingsOf(line));
}

Deno.test("--half is refused where an adapter only emulates it", () => {
  const adapter = { name: "llvmpipe", software: true };
  assert.throws(
    () => refuseEmulatedHalf({ half: true }, adapter),
    /^UserError: llvmpipe only emulates/,
  );
  refuseEmulatedHalf({ half: false }, adapter);
  refuseEmulatedHalf({ half: true }, { ...adapter, software: false });
});

Deno.test("--betas gives Adam's decay of the first moment, then of the second", () => {
  const { beta1, beta2 } = settingsOf("--betas 0.25,0.875");
  assert.deepEqual([beta1, beta2], [0.25, 0.875]);
});

Deno.test("--labels gives what D wants of photos, what D wants of fakes, what G wants of fakes", () => {
  const { labels } = settingsOf("--labels 0.75,0.125,0.5");
  assert.deepEqual(labels, { real: 0.75, fake: 0.125, target: 0.5 });
  assert.deepEqual(settingsOf("--loss hinge").labels, { real: 1, fake: -1, target: 1 });
});

Deno.test("the size decides the preset and a preset the size, and what is given wins over both", () => {
  const plan = (line: string, software: boolean) => {
    const { size, width, batch, lr } = settingsOf(line, software);
    return [size, width, batch, lr, totalSteps(invocationOf(line), 40, software)];
  };
  const of = ({ size, width, batch, lr, steps }: Preset) => [size, width, batch, lr, steps];
  assert.deepEqual(plan("", true), of(PRESETS.small));
  assert.deepEqual(plan("", false), of(PRESETS.full));
  for (const size of [32, 128, 256] as const) {
    assert.equal(PRESETS[`${size}`].size, size);
    assert.deepEqual(plan(`--size ${size}`, true), of(PRESETS[`${size}`]));
    assert.deepEqual(plan(`--preset ${size}`, false), of(PRESETS[`${size}`]));
    assert.deepEqual(plan(`--size ${size}`, false), of({ ...PRESETS.full, size }));
  }
  assert.deepEqual(plan("--preset small --size 128", true), of({ ...PRESETS.small, size: 128 }));
  assert.deepEqual(
    plan("--preset 256 --width 12 --batch 3 --lr 1e-4 --steps 9 --size 32", true),
    [32, 12, 3, 1e-4, 9],
  );
});

Deno.test("--epochs is multiplied by the steps of an epoch, and the last step is whole", () => {
  const steps = (line: string, stepsPerEpoch: number, file?: OptionFile) =>
    totalSteps(invocationOf(line, file), stepsPerEpoch, true);
  assert.equal(steps("--epochs 7", 40), 280);
  assert.equal(steps("--epochs 0.26", 10), 3);
  assert.equal(steps("--steps 9", 40), 9);
  assert.equal(steps("--preset full", 40), PRESETS.full.steps);
  const file = { path: "run", values: { steps: 1000 } };
  assert.equal(steps("--epochs 2", 40, file), 80, "the command line is stronger than a file");
});

Deno.test("--augment off gives each photo its centre crop, on the usual changes", () => {
  const augmentation = (line: string) => resolvePhotos(photosOf(line), () => null).augmentation;
  assert.deepEqual(augmentation("--augment off"), {
    crop: false,
    flip: false,
    brightness: 0,
    contrast: 0,
  });
  assert.deepEqual(augmentation("--augment on"), DEFAULT_AUGMENTATION);
  assert.deepEqual(augmentation(""), DEFAULT_AUGMENTATION);
});

Deno.test("--crop says which half of a picture is the photo", () => {
  assert.equal(photosOf("--crop left").layout, "left");
  assert.equal(photosOf("--crop right").layout, "right");
  assert.equal(photosOf("").layout, "whole");
});

Deno.test("every option about photos reaches the dataset, and every setting the trainer", () => {
  const line = "--data a --data b --facades varied --workers 3 --seed 5 --batch 6 --size 32 " +
    "--holdout 0.25 --trim-border --min-intact 0.5 --max-pixels 5000 --augment off --crop right";
  assert.deepEqual(photosOf(line), {
    source: ["a", "b"],
    facades: "varied",
    workers: 3,
    seed: 5,
    batch: 6,
    size: 32,
    holdout: 0.25,
    layout: "right",
    trimBorder: true,
    minIntact: 0.5,
    maxPixels: 5000,
    augmentation: false,
  });
  const all =
    "--size 128 --width 12 --nz 20 --channels 1 --batch 3 --loss bce --labels 0.9,0.1,1 --lr 0.01 " +
    "--lr-d 0.02 --betas 0.1,0.2 --ema 0.3 --half --upsample even --norm-d spectral " +
    "--diff-augment cutout,colour --instance-noise 0.5 --seed 4";
  assert.deepEqual(settingsOf(all), {
    size: 128,
    width: 12,
    nz: 20,
    channels: 1,
    normD: "spectral",
    batch: 3,
    loss: "bce",
    labels: { real: 0.9, fake: 0.1, target: 1 },
    lr: 0.01,
    lrD: 0.02,
    beta1: 0.1,
    beta2: 0.2,
    ema: 0.3,
    half: true,
    upsample: "even",
    diffAugment: "colour,cutout",
    instanceNoise: 0.5,
    seed: 4,
  });
});

Deno.test("a resumed run keeps what its preset decided, also one of an older version, and no variable changes it silently", () => {
  const train = checkSettings({ width: 16, batch: 8, lr: 1e-3, lrD: 5e-4, ema: 0.9 });
  const old = { options: { preset: "auto", width: 16 }, train };
  const resumed = (line: string, env = {}) =>
    trainSettings(
      resumedInvocation(invocationOf(line, undefined, env), new RunFolder("runs/1"), old).options,
      false, // a GPU: its preset has other rates
    );
  assert.deepEqual(resumed("--resume runs/1"), train);
  assert.equal(resumed("--resume runs/1 --lr 0.01").lr, 0.01);
  const variable = { FACADEGAN_BATCH: "4" };
  assert.throws(
    () => resumed("--resume runs/1", variable),
    /^UserError: the environment sets batch to 4, runs.1 was trained with 8: give --batch, or/,
  );
  assert.equal(resumed("--resume runs/1 --allow-changes", variable).batch, 4);
  assert.equal(resumed("--resume runs/1 --batch 8", variable).batch, 8);
});
