/** Prints what FOLDER/network.onnx says of FOLDER/pictures: a process with that package's lock file. */

import { Buffer } from "node:buffer";
import { FeatureNetwork } from "../src/judge/feature_network.ts";
import type { FeatureRange } from "../src/judge/feature_ranges.ts";

const [folder, range, size] = Deno.args;
const data = await Deno.readFile(`${folder}/pictures`);
const network = await FeatureNetwork.open(`${folder}/network.onnx`, range as FeatureRange);
const pictures = { count: data.length / (3 * Number(size) ** 2), size: Number(size), data };
const { count, length, data: found } = await network.featuresOf(pictures);
const base64 = Buffer.from(found.buffer, found.byteOffset, found.byteLength).toString("base64");
console.log(JSON.stringify({ count, length, data: base64 }));
Deno.exit();
