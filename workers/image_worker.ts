/**
 * A thread that draws facades, decodes photos and makes batches of them.
 *
 * @module
 */

import { createDecoder } from "../src/image/decode.ts";
import { servePhases } from "../src/data/worker_scope.ts";

servePhases(createDecoder());
