/**
 * @noble/hashes (npm): SHA-256 at once. The web's own digest() is asynchronous, and a page served
 * without TLS does not have it.
 *
 * @module
 */

export { sha256 } from "npm:@noble/hashes@2.4.0/sha2.js";
