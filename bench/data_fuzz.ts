/**
 * Feeds damaged pictures through the whole pipeline: every one must end as a usable photo or as a
 * named file with a reason; no crash, no hang.
 *
 *     deno run -A bench/data_fuzz.ts [--inputs 10000] [--seed 1] [--workers 2]
 *
 * The inputs are synthetic facades and the tests' little pictures of every kind, cut short or with
 * some bits flipped, written to a temporary folder in tars of 1,000.
 *
 * @module
 */

import { join } from "node:path";
import { parseArgs } from "node:util";
import { openDataset } from "../src/data/mod.ts";
import { encodeJpeg } from "../src/image/jpeg.ts";
import { drawFacade } from "../src/synth/facade.ts";
import { encodePng } from "../src/image/png_encoder.ts";
import { hash4 } from "../src/random.ts";
import pictures from "../tests/fixtures/pictures.json" with { type: "json" };

const { values } = parseArgs({
  options: {
    inputs: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    workers: { type: "string", default: "2" },
  },
});
const inputs = Number(values.inputs);
const seed = Number(values.seed);

const originals = Object.entries(pictures).map(([name, { file }]) => ({
  ending: name.slice(-4),
  bytes: Uint8Array.from(atob(file), (c) => c.charCodeAt(0)),
}));
for (let i = 0; i < 16; i++) {
  const facade = drawFacade(seed, i, 96, 96);
  originals.push({ ending: ".jpg", bytes: encodeJpeg(facade, 50 + 3 * i) });
  originals.push({ ending: ".png", bytes: encodePng(facade) });
}

/** Cuts a copy of a file short, or flips up to 4 of its bits. */
function damage(bytes: Uint8Array, trial: number): Uint8Array {
  const random = (k: number, below: number): number => hash4(seed, 77, trial, k)[0] % below;
  if (random(0, 3) === 0) return bytes.slice(0, random(1, bytes.length));
  const out = bytes.slice();
  for (let flips = 1 + random(2, 4); flips > 0; flips--) {
    out[random(2 * flips + 3, out.length)] ^= 1 << random(2 * flips + 4, 8);
  }
  return out;
}

function tarMember(name: string, body: Uint8Array): Uint8Array {
  const block = new Uint8Array(512 * (1 + Math.ceil(body.length / 512)));
  const put = (at: number, text: string): void => block.set(new TextEncoder().encode(text), at);
  put(0, name);
  put(124, body.length.toString(8).padStart(11, "0"));
  put(156, "0");
  put(148, "        ");
  put(148, block.reduce((a, b) => a + b, 0).toString(8).padStart(6, "0"));
  block.set(body, 512);
  return block;
}

const dir = await Deno.makeTempDir();
try {
  for (let start = 0; start < inputs; start += 1000) {
    using file = await Deno.open(join(dir, `${start}.tar`), { write: true, create: true });
    for (let i = start; i < Math.min(inputs, start + 1000); i++) {
      const { ending, bytes } = originals[i % originals.length];
      await file.write(tarMember(`${String(i).padStart(6, "0")}${ending}`, damage(bytes, i)));
    }
  }
  const started = performance.now();
  const data = await openDataset({
    source: dir,
    cacheDir: null,
    workers: Number(values.workers),
    jobTimeout: 10_000,
    onProgress: ({ done, total, rate }) => {
      if (done === total) console.log(`${done} inputs, ${rate.toFixed(0)} a second`);
    },
  });
  const reasons = new Map<string, number>();
  for (const { reason } of data.skipped) {
    const kind = reason.replace(/\d+/g, "N");
    reasons.set(kind, (reasons.get(kind) ?? 0) + 1);
  }
  for (const [reason, count] of [...reasons].sort(([, a], [, b]) => b - a)) {
    console.log(count, reason);
  }
  const lost = inputs - data.count - data.skipped.length;
  console.log(
    `${inputs} inputs: ${data.count} usable, ${data.skipped.length} named and skipped, ${lost} lost; ` +
      `${data.stats.workersReplaced} workers replaced; ${
        ((performance.now() - started) / 1000).toFixed(1)
      } s`,
  );
  for (let step = 0; step < 20; step++) (await data.batch(step)).release();
  await data.close();
  if (lost !== 0) Deno.exit(1);
} finally {
  await Deno.remove(dir, { recursive: true });
}
