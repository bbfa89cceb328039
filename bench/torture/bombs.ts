/**
 * Pictures that are small files and large in memory.
 *
 * @module
 */

import { join } from "node:path";
import { crc32 } from "../../src/format/crc.ts";
import { MAX_PIXELS } from "../../src/data/options.ts";
import { command, writePictures } from "../../tests/program.ts";
import type { Fault } from "./fault.ts";

/** What the program takes by itself, with its workers and small photos, in MB. */
const OWN_MEGABYTES = 250;
/** Bytes a pixel that decoding may take: four times the three of a picture at 8 bits. */
const BYTES_PER_PIXEL = 4 * 3;
/** Seconds that decoding may take, and the program's start beside it. */
const SECONDS = 10 + 5;

/** The fault. */
export const BOMBS: Fault = {
  name: "bombs",
  fault:
    "a small file that takes much memory or time to decode: PNG of 1 and 16 bits, progressive JPEG",
  happens:
    `used within 10 s of work and, beside the program's own ${OWN_MEGABYTES} MB, four times its size at ` +
    "8 bits; of more than 2^26 pixels, skipped by name; its neighbours are used",
  full: 6,
  least: 6,
  async run({ count, folder, ended, measured }) {
    // The largest that are let in, and larger ones; sides, and what makes the file.
    type Make = (side: number) => Promise<Uint8Array> | Uint8Array;
    const bombs: [string, number, Make][] = [
      ["1-bit.png", 8192, (side) => png(side, side, 1)],
      ["1-bit-larger.png", 11_585, (side) => png(side, side, 1)],
      ["16-bit.png", 8192, (side) => png(side, side, 16)],
      ["claims.png", 30_000, (side) => png(side, side, 8, 1)],
      ["progressive.jpg", 8192, (side) => progressive(side, side, 60)],
      ["progressive-larger.jpg", 10_000, (side) => progressive(side, side, 60)],
    ];
    for (let trial = 0; trial < count; trial++) {
      const [name, side, make] = bombs[trial % bombs.length];
      const photos = join(folder, `photos${trial}`);
      await writePictures(photos, 2);
      const bytes = await make(side);
      await Deno.writeFile(join(photos, name), bytes);
      const args = ["inspect", photos, "--sheet", join(folder, "sheet.png")];
      const started = performance.now();
      const child = command("dataset", args, { FACADEGAN_CACHE: join(folder, "cache") }).spawn();
      const peak = peakOf(child);
      const [out, err] = await Promise.all(
        [child.stdout, child.stderr].map((s) => new Response(s).text()),
      );
      const { code } = await child.status;
      const seconds = (performance.now() - started) / 1000;
      const megabytes = await peak;
      const what = `${name} (${Math.ceil(bytes.length / 1000)} KB): ${Math.round(megabytes)} MB, ` +
        `${seconds.toFixed(1)} s`;
      measured(what);
      const text = out + err;
      const named = new RegExp(`${name}.*(skipped|pixels|large|long)|skipped.*${name}`).test(text);
      const within = side * side > MAX_PIXELS ? 0 : side * side;
      const most = OWN_MEGABYTES + BYTES_PER_PIXEL * within / 1e6;
      const bad = code !== 0 || /^\s+at /m.test(err) || megabytes > most || seconds > SECONDS ||
        (within === 0 && !named);
      ended(
        named ? "skipped by name" : "used",
        bad ? `${what}, status ${code}: ${err}` : undefined,
      );
    }
  },
};

/** The most memory a process has held, in MB, asked for while it lives. */
async function peakOf(child: Deno.ChildProcess): Promise<number> {
  let most = 0;
  let alive = true;
  child.status.then(() => alive = false);
  while (alive) {
    // Deno itself may read /proc only where it may do everything.
    const { stdout } = await new Deno.Command("cat", {
      args: [`/proc/${child.pid}/status`],
      stderr: "null",
    }).output();
    const text = new TextDecoder().decode(stdout);
    const kilobytes = Number(/VmHWM:\s*(\d+)/.exec(text)?.[1] ?? 0);
    most = Math.max(most, kilobytes / 1000);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return most;
}

/** A grey PNG of zeros; with `rows`, of so many alone, whatever its header claims. */
async function png(
  width: number,
  height: number,
  bits: number,
  rows = height,
): Promise<Uint8Array> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([bits, bits === 16 ? 2 : 0], 8);
  const row = new Uint8Array(1 + Math.ceil(width * bits * (bits === 16 ? 3 : 1) / 8));
  let left = rows;
  const raw = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (left-- > 0) controller.enqueue(row);
      else controller.close();
    },
  });
  const data = await new Response(raw.pipeThrough(new CompressionStream("deflate"))).bytes();
  return concat([
    Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10),
    chunk("IHDR", header),
    chunk("IDAT", data),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

function chunk(type: string, body: Uint8Array): Uint8Array {
  const out = new Uint8Array(12 + body.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, body.length);
  out.set(new TextEncoder().encode(type), 4);
  out.set(body, 8);
  view.setUint32(8 + body.length, crc32(out.subarray(4, 8 + body.length)));
  return out;
}

/**
 * A grey progressive JPEG: the means of all blocks in one scan, then scans that say of 32,767 blocks at a
 * time that there is nothing more to them, each of which goes over the whole picture.
 */
function progressive(width: number, height: number, scans: number): Uint8Array {
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8);
  const segment = (marker: number, ...body: number[]): Uint8Array =>
    Uint8Array.of(0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255, ...body);
  // One code word, "0", for one symbol.
  const codes = (table: number, symbol: number) =>
    segment(0xc4, table, 1, ...new Array(15).fill(0), symbol);
  const parts = [
    Uint8Array.of(0xff, 0xd8),
    segment(0xdb, 0, ...new Array(64).fill(16)),
    segment(0xc2, 8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0),
    codes(0x00, 0), // the mean is that of the block before
    codes(0x10, 0xe0), // 2^14 blocks end here, and as many more as 14 bits say
    segment(0xda, 1, 1, 0x00, 0, 0, 0),
    new Uint8Array(Math.ceil(blocks / 8)),
  ];
  for (let scan = 0; scan < scans; scan++) {
    const from = 1 + scan % 63;
    let bits = "";
    for (let left = blocks; left > 0; left -= 32_767) {
      bits += `0${Math.max(0, Math.min(left, 32_767) - 16_384).toString(2).padStart(14, "0")}`;
    }
    const bytes = (bits.match(/.{1,8}/g) ?? []).map((byte) => parseInt(byte.padEnd(8, "1"), 2));
    parts.push(
      segment(0xda, 1, 1, 0x00, from, from, 0),
      Uint8Array.from(bytes.flatMap((byte) => byte === 255 ? [255, 0] : [byte])),
    );
  }
  return concat([...parts, Uint8Array.of(0xff, 0xd9)]);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
