// @ts-self-types="./avif.d.ts"
// Imported when the first such photo is met; see codecs.js for why in source phase.
import source libavif from "npm:@jsquash/avif@2.1.1/codec/dec/avif_dec.wasm";
import factory from "npm:@jsquash/avif@2.1.1/codec/dec/avif_dec.js";

/** Its glue does everything within the call, given a WebAssembly module that is compiled already. */
export function startLibavif() {
  const library = {
    instantiateWasm(imports, done) {
      const instance = new WebAssembly.Instance(libavif, imports);
      done(instance, libavif);
      return instance.exports;
    },
    printErr: () => {},
  };
  factory(library);
  return library;
}
