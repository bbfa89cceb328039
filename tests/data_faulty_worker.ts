/**
 * The image worker with a decoder that fails on purpose: a picture's width says how, and whether
 * only the first time. FACADEGAN_TEST_NOTES names a folder for remembering.
 */

import { createDecoder } from "../src/image/decode.ts";
import { readSize } from "../src/image/picture_size.ts";
import { CLOCKS } from "../src/data/job_board.ts";
import type { StartMessage } from "../src/data/worker_loop.ts";
import { servePhases } from "../src/data/worker_scope.ts";

export const FAULTS = {
  21: "crash once",
  22: "crash always",
  23: "hang once",
  24: "hang always",
  25: "trap once",
  26: "trap always",
  27: "die once",
  28: "stall once",
} as const;

const dir = Deno.env.get("FACADEGAN_TEST_NOTES");
const decode = createDecoder();
let started: StartMessage;

self.addEventListener("message", (event: Event) => started = (event as MessageEvent).data);
servePhases((bytes, options) => {
  const width = readSize(bytes)?.width ?? 0;
  const fault: string | undefined = FAULTS[width as keyof typeof FAULTS];
  if (fault === undefined || (fault.endsWith("once") && !firstTime(width))) {
    return decode(bytes, options);
  }
  if (fault.startsWith("trap")) throw new WebAssembly.RuntimeError("unreachable");
  if (fault.startsWith("hang") || fault.startsWith("die")) seemStuckForAnHour();
  if (fault.startsWith("hang") || fault.startsWith("stall")) loopLongerThanTheTest();
  if (fault.startsWith("die")) self.close();
  // Not a picture: whoever works on with it stumbles outside of all precautions.
  return undefined as never;
});

/**
 * Ends by itself: Worker.terminate() does not stop a thread that loops, and one that went on would
 * keep a core from every test behind this one.
 */
function loopLongerThanTheTest(): void {
  const end = performance.now() + 5000;
  while (performance.now() < end);
}

/** Sets the start of this job back: a time limit short enough to wait for would hit sound jobs too. */
function seemStuckForAnHour(): void {
  Atomics.sub(started.board, CLOCKS + 2 * started.place, 3_600_000);
}

function firstTime(width: number): boolean {
  try {
    Deno.writeTextFileSync(`${dir}/${width}`, "", { createNew: true });
    return true;
  } catch {
    return false;
  }
}
