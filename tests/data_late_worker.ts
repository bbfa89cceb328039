/** A worker that closes its first job at once and sends its report long afterwards, and never says that it is idle. */

import { JobBoard } from "../src/data/job_board.ts";
import type { Report, StartMessage } from "../src/data/worker_loop.ts";

const scope = self as unknown as { postMessage(report: Report): void };

self.addEventListener("message", (event: Event) => {
  const { worker, place, board: words } = (event as MessageEvent<StartMessage>).data;
  const board = new JobBoard(words);
  const job = board.take(worker, place)!;
  board.finish(worker, job, () => {
    board.countReport();
    setTimeout(() => scope.postMessage({ kind: "skipped", index: 0, reason: "late" }), 300);
  });
});
