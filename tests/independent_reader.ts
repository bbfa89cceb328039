/**
 * Readers that share nothing with what wrote the bytes. Each is a program of its own, with a lock file
 * of its own: packages in the project's lock file are downloaded by everybody who trains.
 */

import { Buffer } from "node:buffer";

/** A program in tests/readers. */
type Reader = "gif" | "onnx" | "png" | "tensorboard";

/** What readers need: onnxruntime looks for its WebAssembly in its own folder. */
const PERMISSIONS: { readonly [name in Reader]?: readonly string[] } = { onnx: ["--allow-read"] };

/** Whether a reader's packages are here, or can be had. */
export async function readerIsThere(name: Reader): Promise<boolean> {
  const script = new URL(`readers/${name}.ts`, import.meta.url);
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["cache", "-q", script.href],
    stdout: "null",
    stderr: "null",
  }).output();
  return success;
}

/** What tests/readers/NAME.ts, given the bytes, prints. */
export async function readIndependently<T>(
  name: Reader,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<T> {
  const script = new URL(`readers/${name}.ts`, import.meta.url);
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-check", "--no-prompt", ...PERMISSIONS[name] ?? [], script.href],
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
