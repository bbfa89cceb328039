/**
 * A thread that adds up rounds of a sliced Wasserstein distance.
 *
 * @module
 */

import { serveRounds } from "../src/judge/rounds.ts";

serveRounds();
