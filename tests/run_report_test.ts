import assert from "node:assert/strict";
import { blankImage } from "../src/image/image.ts";
import { encodeJpeg } from "../src/image/jpeg.ts";
import { encodePng } from "../src/image/png_encoder.ts";
import { formatSeconds, renderReport } from "../src/run/report.ts";
import type { RunConfig } from "../src/run/run_config.ts";
import { DEFAULT_SETTINGS } from "../src/train/settings.ts";

const config: RunConfig = {
  options: { width: 16, data: ["/photos <old>"] },
  train: DEFAULT_SETTINGS,
  photos: { source: ["/photos <old>"], count: 400 },
  versions: { facadegan: "0.1.0" },
  kernels: {},
  adapter: {
    name: "a GPU & more",
    vendor: "",
    architecture: "",
    software: false,
    features: [],
    limits: {},
  } as unknown as RunConfig["adapter"],
  sessions: [
    { time: "2026-01-01T00:00:00Z", fromStep: 0, toStep: 60, seconds: 20, waitedForPhotos: 1 },
    { time: "2026-01-02T00:00:00Z", fromStep: 60, toStep: 100, seconds: 20, waitedForGpu: 19 },
  ],
};
const png = encodePng(blankImage(4, 4));
const jpeg = encodeJpeg(blankImage(4, 4), 90);
const page = renderReport({
  program: "deno task",
  name: "runs/it's",
  config,
  stepsDone: 100,
  metrics: [{ step: 99, errD: 0.1, errG: 0.2, D_x: 0.3, D_G_z1: 0.4, D_G_z2: 0.5 }],
  evaluations: [[40, 9], [100, 12]].map(([step, avg]) => ({
    step,
    swd: { "32": avg, "16": avg, avg },
    floor: 5,
    ms_ssim: 0.2,
    memorised: 0,
    samples: 256,
  })),
  chart: "<svg></svg>",
  timeline: [{ step: 0, jpeg }, { step: 50, jpeg }, { step: 100, jpeg }],
  finalGrid: png,
  warnings: ["Mode collapse: <b>"],
});

Deno.test("the report asks nothing of any network", () => {
  assert.doesNotMatch(page, /https?:\/\//);
  assert.doesNotMatch(page, /\b(src|href)="(?!data:)/);
  assert.match(page, /Content-Security-Policy" content="default-src 'none'; img-src data:;/);
});

Deno.test("the report shows settings, curves, a timeline with a slider, time and how to go on", () => {
  assert.match(page, /<meta name="viewport" content="width=device-width/);
  assert.equal(page.match(/<img [^>]*data-step=/g)?.length, 3);
  assert.match(page, /<input type="range" min="0" max="2" value="2"/);
  assert.match(page, /steps a second<\/th><td>2\.50</);
  assert.match(page, /time waiting for the GPU<\/th><td>48%</);
  assert.match(page, /deno task train --resume 'runs\/it'\\''s' --steps 200/);
});

Deno.test("the report tells the best and the last of what samples were judged", () => {
  assert.match(page, /to photos, best<\/th><td>9\.0 at step 40</);
  assert.match(page, /the same, last<\/th><td>12\.0 at step 100</);
});

Deno.test("the report escapes whatever people name things", () => {
  assert.ok(page.includes("/photos &lt;old&gt;") && page.includes("a GPU &amp; more"));
  assert.ok(page.includes("Mode collapse: &lt;b&gt;"));
});

Deno.test("formatSeconds() speaks as people do", () => {
  assert.deepEqual([0.4, 59, 61, 3725, Infinity].map(formatSeconds), [
    "0 s",
    "59 s",
    "1 min 01 s",
    "1 h 02 min",
    "unknown",
  ]);
});
