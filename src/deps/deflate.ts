/**
 * fflate (npm): zlib streams, for runtimes with and without Node's.
 *
 * @module
 */

export { zlibSync } from "npm:fflate@0.8.3";
