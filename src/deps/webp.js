// @ts-self-types="./webp.d.ts"
// Imported when the first such photo is met; see codecs.js for why in source phase.
import source libwebp from "npm:@cwasm/webp@0.1.5/webp.wasm";

export { libwebp };
