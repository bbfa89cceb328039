/**
 * Readers that share nothing with what wrote the bytes. Each is a program of its own, with a lock file
 * of its own: packages in the project's lock file are downloaded by everybody who trains.
 */

import { Buffer } from "node:buffer";

/** What tests/readers/NAME.ts, given the bytes, prints. */
export async function readIndependently<T>(
  name: "gif" | "png" | "tensorboard",
  bytes: Uint8Array<ArrayBuffer>,
): Promise<T> {
  const script = new URL(`readers/${name}.ts`, import.meta.url);
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-check", "--no-prompt", script.href],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = process.output();
  await new Blob([bytes]).stream().pipeTo(process.stdin);
  const { success, stdout, stderr } = await output;
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** A PNG file of 8 bits a sample, as an independent reader sees it. */
export interface Png {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly depth: number;
  readonly data: Uint8Array;
}

/** Reads a PNG file, its checksums checked. */
export async function readPng(bytes: Uint8Array<ArrayBuffer>): Promise<Png> {
  const { samples, ...sizes } = await readIndependently<Omit<Png, "data"> & { samples: string }>(
    "png",
    bytes,
  );
  return { ...sizes, data: new Uint8Array(Buffer.from(samples, "base64")) };
}
