/**
 * Damaged tars: listed to where they are damaged, at once, with members that lie within the file.
 *
 * @module
 */

import { join } from "node:path";
import { UserError } from "../../src/errors.ts";
import { listPictures } from "../../src/data/sources.ts";
import { encodePng } from "../../src/image/png_encoder.ts";
import { drawFacade } from "../../src/synth/facade.ts";
import { damage, dice, type Fault } from "./fault.ts";
import { tar } from "./tar_writer.ts";

/** Longer than any of these small files takes, also on a machine that has other work. */
const MILLISECONDS = 5000;

/** The fault. */
export const TARS: Fault = {
  name: "tars",
  fault:
    "a tar of photos is damaged or forged: lengths that are negative or none, headers overwritten",
  happens: "the members before the damage are used, the rest is named; nothing hangs",
  full: 5000,
  least: 10,
  async run({ count, seed, folder, ended }) {
    const png = encodePng(drawFacade(seed, 0, 32, 32));
    const names = ["a.png", "b.png", `${"deep/".repeat(40)}c.png`, "d.png"];
    const whole = tar(names.map((name) => [name, png]));
    const path = join(folder, "x.tar");
    for (let trial = 0; trial < count; trial++) {
      const random = dice(seed, trial);
      const mutant = trial % 2 ? forgeHeader(whole, random) : damage(whole, random);
      await Deno.writeFile(path, mutant);
      const started = performance.now();
      const [how, lost] = await list(path, mutant.length);
      const took = performance.now() - started;
      if (took > MILLISECONDS) ended("slow", `trial ${trial} took ${Math.round(took)} ms`);
      else ended(how, lost && `trial ${trial}: ${lost}`);
    }
  },
};

async function list(path: string, size: number): Promise<[string, string?]> {
  try {
    const skipped: string[] = [];
    const { items } = await listPictures([path], ({ reason }) => skipped.push(reason));
    const beyond = items.find(({ offset, length }) => offset < 0 || offset + length > size);
    if (beyond) return ["a member beyond the file", beyond.name];
    return [skipped.length > 0 ? "used up to the damage, which is named" : "listed whole"];
  } catch (error) {
    if (error instanceof UserError && !error.message.includes("\n")) return ["refused in one line"];
    return ["a stack trace", String((error as Error).stack)];
  }
}

const LENGTHS = [
  "-0000001000\0",
  "77777777777\0",
  "00000000000\0",
  "9999999999x\0",
  "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00",
  "\x80\x00\x00\x00\x7f\xff\xff\xff\xff\xff\xff\xff",
  "            ",
  "\0\0\0\0\0\0\0\0\0\0\0\0",
];

/** Overwrites a field of some header, and mends its checksum as someone who knows the format would. */
function forgeHeader(whole: Uint8Array, random: (below: number) => number): Uint8Array {
  const copy = whole.slice();
  const headers: number[] = [];
  for (let at = 0; at < whole.length; at += 512) {
    if (new TextDecoder().decode(whole.subarray(at + 257, at + 262)) === "ustar") headers.push(at);
  }
  const header = copy.subarray(headers[random(headers.length)]).subarray(0, 512);
  const kind = random(4);
  if (kind === 0) header[156] = "01234567LKxgSV\0\xff".charCodeAt(random(16));
  else if (kind === 1) header.set(damage(header.slice(0, 100), random).subarray(0, 100), 0);
  else {
    const text = LENGTHS[random(LENGTHS.length)];
    header.set(Uint8Array.from(text, (c) => c.charCodeAt(0)), 124);
  }
  header.fill(0x20, 148, 156);
  const sum = header.reduce((a, b) => a + b, 0).toString(8).padStart(6, "0");
  header.set(new TextEncoder().encode(`${sum}\0 `), 148);
  return copy;
}
