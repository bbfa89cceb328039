import assert from "node:assert/strict";
import { BatchRing } from "../src/data/batch_ring.ts";
import { CacheRoom } from "../src/data/cache_bounds.ts";
import type { Item } from "../src/data/items.ts";
import { GivenUp, JobBoard } from "../src/data/job_board.ts";
import { NO_AUGMENTATION } from "../src/data/options.ts";
import { PhotoStore } from "../src/data/photo_store.ts";
import { WorkerPool } from "../src/data/pool.ts";
import { type Phase, type Report, runPhase } from "../src/data/worker_loop.ts";
import { PhotoError } from "../src/image/photo_error.ts";

const HOUR = 3_600_000;
const [OLD, NEW, PLACE] = [7, 8, 3];

function board(jobs: number): JobBoard {
  const board = JobBoard.create(jobs);
  for (let index = 0; index < jobs; index++) board.open(index);
  board.seat(OLD, PLACE);
  return board;
}

/** Takes a worker's jobs from it and frees them, as the pool does with one that hangs. */
function giveUp(board: JobBoard, worker: number): void {
  for (const job of board.jobsOf(new Set([worker]))) {
    assert.ok(board.revoke(job));
    board.release(job, true);
  }
  board.bury(worker, PLACE);
}

Deno.test("a worker that was given up takes no job any more, nor when another sits at its place", () => {
  const jobs = board(2);
  assert.deepEqual(jobs.take(OLD, PLACE), { index: 0, attempt: 0 });
  giveUp(jobs, OLD);
  assert.throws(() => jobs.take(OLD, PLACE), GivenUp);
  jobs.seat(NEW, PLACE);
  assert.throws(() => jobs.take(OLD, PLACE), GivenUp);
  assert.deepEqual(jobs.jobsOf(new Set([OLD])), []);
  const taken = [jobs.take(NEW, PLACE), jobs.take(NEW, PLACE)];
  assert.deepEqual(taken.map((job) => job!.index).sort(), [0, 1]);
  assert.equal(taken.find((job) => job!.index === 0)!.attempt, 1);
});

Deno.test("a worker that was given up neither stops nor starts the clock of the next one", () => {
  const jobs = board(2);
  jobs.take(OLD, PLACE);
  giveUp(jobs, OLD);
  jobs.seat(NEW, PLACE);
  assert.equal(jobs.busyFor(PLACE), 0);
  assert.throws(() => jobs.exclusive(OLD, PLACE, () => assert.fail("it ran")), GivenUp);
  assert.equal(jobs.busyFor(PLACE), 0);
  // Nor does it keep the lock.
  assert.equal(jobs.exclusive(NEW, PLACE, () => "ran"), "ran");
  assert.ok(jobs.busyFor(PLACE) < HOUR);
});

Deno.test("a job is taken from its worker or handed over, never both", () => {
  const jobs = board(1);
  const job = jobs.take(OLD, PLACE)!;
  const held = { ...job, worker: OLD };
  assert.ok(jobs.finish(OLD, job, () => {
    assert.deepEqual(jobs.jobsOf(new Set([OLD])), []);
    assert.equal(jobs.revoke(held), false);
    assert.equal(jobs.allClosed(), false); // nobody reads it before it is there
  }));
  assert.ok(jobs.allClosed());

  jobs.open(0);
  jobs.take(OLD, PLACE);
  assert.ok(jobs.revoke(held));
  assert.equal(jobs.finish(OLD, job, () => assert.fail("handed over")), false);
  assert.equal(jobs.allClosed(), false);
  jobs.release(job, true);
  assert.equal(jobs.finish(OLD, job, () => assert.fail("handed over")), false);
  assert.deepEqual(jobs.jobsOf(new Set([OLD])), []);
});

const PIXELS = { width: 16, height: 16, data: new Uint8Array(3 * 256).fill(200) };

/** The work of one batch of one photo, and the ring that it fills. */
function batchOfOne(): { ring: BatchRing; phase: Phase } {
  const ring = new BatchRing(1, 1, 3 * 256);
  const { steps, missing, pixels } = ring;
  const path = new URL(import.meta.url).pathname; // any file: the decoder is the test's own
  const item: Item = { name: "a", path, offset: 0, length: 10, identity: "a" };
  const phase: Phase = {
    kind: "batch",
    photos: {
      items: [item],
      lazy: [],
      store: PhotoStore.create(1, 0).memory,
      reduce: { side: 16, layout: "whole", trimBorder: false },
      background: [255, 255, 255],
      maxPixels: 1e6,
      minIntact: 0.9,
      cacheDir: null,
      cacheRoom: CacheRoom.create(0).words,
    },
    batches: {
      usable: Uint32Array.of(0),
      seed: 1,
      shuffle: false,
      augmentation: NO_AUGMENTATION,
      batch: 1,
      size: 16,
      steps,
      missing,
      pixels,
    },
  };
  return { ring, phase };
}

Deno.test("what a worker brings after it was given up changes nothing: no pixels, no reports, no count", () => {
  for (const fails of [false, true]) {
    const { ring, phase } = batchOfOne();
    ring.board.seat(OLD, PLACE);
    const sent: Report[] = [];
    const message = { worker: OLD, place: PLACE, board: ring.board.words, phase };
    runPhase(message, () => {
      giveUp(ring.board, OLD); // while it decodes
      if (fails) throw new PhotoError("it is damaged");
      return PIXELS;
    }, (report) => sent.push(report));
    assert.equal(sent.length, 0);
    assert.equal(ring.board.reports, 0);
    assert.equal(ring.missing[0], 1);
    assert.ok(ring.pixels.every((value) => value === 0));

    // Its job is free, and the next worker does it.
    ring.board.seat(NEW, PLACE);
    runPhase({ ...message, worker: NEW }, () => {
      ring.board.stop();
      return PIXELS;
    }, (report) => sent.push(report));
    assert.deepEqual(sent.map(({ kind }) => kind), ["idle"]);
    assert.equal(ring.missing[0], 0);
    assert.ok(ring.ready(0));
    assert.ok(ring.pixels.every((value) => value === 200));
  }
});

Deno.test("finish() waits for reports of closed jobs, however late, beyond its grace", async () => {
  const url = new URL("./data_late_worker.ts", import.meta.url);
  const pool = new WorkerPool(url, 1, HOUR);
  const jobs = JobBoard.create(1);
  jobs.open(0);
  const reported: Report[] = [];
  pool.start(jobs, { kind: "draw", files: [] }, (report) => reported.push(report));
  while (!jobs.allClosed()) await jobs.waitForClosed(jobs.closed, 100);
  assert.deepEqual(reported, []);
  await pool.finish(1);
  assert.deepEqual(reported, [{ kind: "skipped", index: 0, reason: "late" }]);
  await pool.close();
});
