/**
 * All kinds of faults, in the order in which they are tried.
 *
 * @module
 */

import { BOMBS } from "./bombs.ts";
import { CHECKPOINTS } from "./checkpoints.ts";
import { DEVICE } from "./device.ts";
import { DISK } from "./disk.ts";
import type { Fault } from "./fault.ts";
import { KILLS } from "./kills.ts";
import { LINES } from "./lines.ts";
import { MEMORY } from "./memory.ts";
import { PICTURES } from "./pictures.ts";
import { RUN_FOLDERS } from "./run_folders.ts";
import { SIGNALS } from "./signals.ts";
import { TARS } from "./tars.ts";
import { TOGETHER } from "./together.ts";

/** What `deno task torture` tries. */
export const FAULTS: readonly Fault[] = [
  KILLS,
  SIGNALS,
  TOGETHER,
  DISK,
  DEVICE,
  MEMORY,
  CHECKPOINTS,
  RUN_FOLDERS,
  PICTURES,
  BOMBS,
  TARS,
  LINES,
];
