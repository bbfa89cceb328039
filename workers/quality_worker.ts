/**
 * A thread that does jobs of judging.
 *
 * @module
 */

import { serveJobs } from "../src/judge/jobs.ts";

serveJobs();
