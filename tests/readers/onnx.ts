/**
 * Draws with a generator in an ONNX file by onnxruntime. From standard input: the file's length, the
 * noise's length (64 bits each), the file, the noise [N, nz] as float32; prints the pictures as JSON.
 */

import { Buffer } from "node:buffer";
import ort from "npm:onnxruntime-web@1.30.0";

ort.env.wasm.numThreads = 1;
const bytes = new Uint8Array(await new Response(Deno.stdin.readable).arrayBuffer());
const [length, nz] = new BigUint64Array(bytes.slice(0, 16).buffer);
const model = bytes.slice(16, 16 + Number(length));
const noise = new Float32Array(bytes.slice(16 + Number(length)).buffer);
const session = await ort.InferenceSession.create(model);
const shape = [noise.length / Number(nz), Number(nz), 1, 1];
const { images } = await session.run({ noise: new ort.Tensor("float32", noise, shape) });
const data = images.data as Float32Array;
console.log(JSON.stringify({
  inputs: session.inputNames,
  outputs: session.outputNames,
  shape: images.dims,
  data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64"),
}));
