import assert from "node:assert/strict";
import { median } from "../bench/peers/options.ts";
import { formatReport, type PeerName, runPeers, summarise } from "../src/bench/peers.ts";
import { UserError } from "../src/errors.ts";

const turn = (ms: number) => ({ median_ms: ms, best_ms: ms - 1 });

Deno.test("median() takes the middle, or the mean of both middles, of numbers in any order", () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([9, 1, 5, 7]), 6);
});

Deno.test("summarise() holds each turn against ours of the same round", () => {
  // The machine halved its speed after the first round: the ratio does not see it.
  const ours = [turn(10), turn(20), turn(20)];
  const result = summarise("peer", [turn(30), turn(60), turn(60)], ours);
  assert.deepEqual(result, {
    peer: "peer",
    ms: [30, 60, 60],
    median_ms: 60,
    best_ms: 29,
    ratio: 3,
  });
});

Deno.test("formatReport() lists who ran, how many times ours each took, and who was skipped", () => {
  const results = [summarise("facadegan", [turn(10)], [turn(10)])];
  const skipped = [{ peer: "torch-cuda", reason: "no CUDA device" }];
  const report = { batch: 2, width: 4, rounds: 1, adapter: "a GPU", results, skipped };
  const lines = formatReport(report);
  assert.match(lines[0], /batch 2, width 4.*a GPU/);
  assert.match(lines[2], /facadegan +10\.0 +9\.0 +1\.00/);
  assert.match(lines[3], /torch-cuda +skipped: no CUDA device/);
});

Deno.test("runPeers() refuses impossible sizes and unknown peers before it starts anything", async () => {
  await assert.rejects(runPeers({ sizes: [{ batch: 0, width: 64 }] }), UserError);
  await assert.rejects(runPeers({ rounds: 1.5 }), /rounds must be a whole number/);
  await assert.rejects(runPeers({ peers: ["mxnet" as PeerName] }), /no peer mxnet.*tfjs/);
  await assert.rejects(runPeers({ programs: "no/such/folder" }), (error) => {
    return error instanceof UserError && /no\/such\/folder is not there/.test(error.message);
  });
});
