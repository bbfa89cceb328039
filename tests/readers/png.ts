/** Reads a PNG from standard input by fast-png; prints its sizes and samples as JSON. */

import { Buffer } from "node:buffer";
import { decode } from "npm:fast-png@8.0.0";

const bytes = new Uint8Array(await new Response(Deno.stdin.readable).arrayBuffer());
const { width, height, channels, depth, data } = decode(bytes, { checkCrc: true });
const samples = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64");
console.log(JSON.stringify({ width, height, channels, depth, samples }));
