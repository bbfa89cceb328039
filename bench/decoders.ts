/**
 * What this program sees in pictures, beside a reference decoder (Pillow; for AVIF ImageMagick):
 *
 *     deno run -A bench/decoders.ts PHOTOS [--count 20] [--python /usr/bin/python3]
 *
 * Makes files of every kind from photos and prints a row for each: how many, the greatest difference
 * of a sample and the mean one, in levels. Without Pillow (Debian 12: apt-get install python3-pil) the
 * recorded pictures of tests/fixtures are compared instead.
 *
 * @module
 */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createDecoder, loadDecoders } from "../src/image/decode.ts";
import recorded from "../tests/fixtures/pictures.json" with { type: "json" };
import recordedToo from "../tests/fixtures/web_pictures.json" with { type: "json" };

interface Row {
  count: number;
  greatest: number;
  sum: number;
  samples: number;
}

interface Picture {
  readonly file: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

const { values, positionals: [photos] } = parseArgs({
  args: Deno.args,
  allowPositionals: true,
  options: {
    count: { type: "string", default: "20" },
    python: { type: "string", default: "/usr/bin/python3" },
  },
});

await loadDecoders(["WebP", "AVIF"]);
const decode = createDecoder();
const rows = new Map<string, Row>();

function compare(kind: string, { file, width, height, rgb }: Picture): void {
  const image = decode(file, { background: [255, 255, 255], maxPixels: 2 ** 27, minSide: 2 ** 30 });
  const row = rows.get(kind) ?? { count: 0, greatest: 0, sum: 0, samples: 0 };
  rows.set(kind, row);
  row.count++;
  if (image.width !== width || image.height !== height) {
    row.greatest = Infinity;
    return;
  }
  for (let i = 0; i < rgb.length; i++) {
    const difference = Math.abs(image.data[i] - rgb[i]);
    row.sum += difference;
    if (difference > row.greatest) row.greatest = difference;
  }
  row.samples += rgb.length;
}

/** Whether the reference decoder was there. */
async function compareFresh(folder: string): Promise<boolean> {
  if (!photos) return false;
  const script = fileURLToPath(new URL("./peers/decode_pictures.py", import.meta.url));
  const args = [script, photos, folder, "--count", values.count];
  try {
    const { success, stderr } = await new Deno.Command(values.python, { args }).output();
    if (!success) console.error(new TextDecoder().decode(stderr).trim().split("\n").at(-1));
    if (!success) return false;
  } catch {
    return false; // no such Python
  }
  for (const { name: kind, isDirectory } of Deno.readDirSync(folder)) {
    if (!isDirectory) continue;
    for (const { name } of Deno.readDirSync(join(folder, kind))) {
      if (!name.endsWith(".rgb")) continue;
      const path = join(folder, kind, name);
      const right = Deno.readFileSync(path);
      const line = right.indexOf(10);
      const [width, height] = new TextDecoder().decode(right.subarray(0, line)).split(" ").map(
        Number,
      );
      const file = Deno.readFileSync(path.slice(0, -4));
      compare(kind, { file, width, height, rgb: right.subarray(line + 1) });
    }
  }
  return true;
}

const folder = await Deno.makeTempDir({ prefix: "facadegan-decoders-" });
try {
  if (!await compareFresh(folder)) {
    console.log("Pillow or the photos are not there: the recorded pictures are compared\n");
    const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    for (const [name, { file, rgb, ...size }] of Object.entries({ ...recorded, ...recordedToo })) {
      const kind = { jpg: "JPEG", png: "PNG", webp: "WebP", avif: "AVIF" }[name.split(".")[1]]!;
      compare(kind, { file: bytesOf(file), rgb: bytesOf(rgb), ...size });
    }
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}

console.log("| format | tried | greatest difference, levels | mean difference, levels |");
console.log("| --- | ---: | ---: | ---: |");
for (const [kind, { count, greatest, sum, samples }] of [...rows].sort()) {
  console.log(`| ${kind} | ${count} | ${greatest} | ${(sum / samples).toFixed(4)} |`);
}
