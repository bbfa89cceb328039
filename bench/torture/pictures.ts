/**
 * Damaged pictures: each ends as a usable photo, or as a named file with a reason.
 *
 * @module
 */

import { join } from "node:path";
import { openDataset } from "../../src/data/mod.ts";
import { encodeJpeg } from "../../src/image/jpeg.ts";
import { encodePng } from "../../src/image/png_encoder.ts";
import { drawFacade } from "../../src/synth/facade.ts";
import kinds from "../../tests/fixtures/pictures.json" with { type: "json" };
import { damage, dice, type Fault } from "./fault.ts";
import { tar } from "./tar_writer.ts";

/** The fault. */
export const PICTURES: Fault = {
  name: "pictures",
  fault: "a photo is damaged: cut short, bits flipped, stretches zeroed, doubled or taken out",
  happens: "used, or skipped by name with a reason; no crash, no hang",
  full: 10_000,
  least: 32,
  async run({ count, seed, folder, ended, measured }) {
    const originals = Object.entries(kinds).map(([name, { file }]) => ({
      ending: name.slice(-4),
      bytes: Uint8Array.from(atob(file), (c) => c.charCodeAt(0)),
    }));
    for (let i = 0; i < 8; i++) {
      const facade = drawFacade(seed, i, 96, 96);
      originals.push({ ending: ".jpg", bytes: encodeJpeg(facade, 50 + 3 * i) });
      originals.push({ ending: ".png", bytes: encodePng(facade) });
    }
    for (let start = 0; start < count; start += 1000) {
      const members = Array.from({ length: Math.min(1000, count - start) }, (_, i) => {
        const trial = start + i;
        const { ending, bytes } = originals[trial % originals.length];
        const name = `${String(trial).padStart(6, "0")}${ending}`;
        return [name, damage(bytes, dice(seed, trial))] as const;
      });
      await Deno.writeFile(join(folder, `${start}.tar`), tar(members));
    }
    await using data = await openDataset({
      source: folder,
      cacheDir: null,
      workers: 2,
      jobTimeout: 10_000,
      size: 32,
      batch: 8,
    });
    data.names.forEach(() => ended("used"));
    const withoutReason = data.skipped.filter(({ reason }) => !/^[^\n]+$/.test(reason));
    for (const one of data.skipped) {
      ended("skipped by name", withoutReason.includes(one) ? `${one.path}: no reason` : undefined);
    }
    for (let i = data.count + data.skipped.length; i < count; i++) ended("lost", "neither");
    for (let step = 0; step < 5; step++) (await data.batch(step)).release();
    measured(`${data.stats.workersReplaced} workers replaced`);
  },
};
