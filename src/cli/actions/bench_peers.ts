/**
 * `bench peers`: our step beside other programs' in turns.
 *
 * @module
 */

import { PEER_NAMES, PEER_SIZES, type PeerName, runPeers } from "../../bench/peers.ts";
import type { BENCH_PEERS } from "../commands/bench.ts";
import type { Invocation } from "../invocation.ts";
import { TERMINAL } from "../terminal.ts";

/** Prints a table for each size of medians and ratios; peers that cannot run are named with the reason. */
export async function benchPeers({ options }: Invocation<typeof BENCH_PEERS>): Promise<number> {
  const { batch, width, rounds, peer, json } = options;
  // Either option alone leaves the other as bench step has it.
  const sizes = batch === undefined && width === undefined
    ? PEER_SIZES
    : [{ batch: batch ?? 16, width: width ?? 64 }];
  const reports = await runPeers({
    sizes,
    rounds,
    peers: peer ? peer.split(",") as PeerName[] : PEER_NAMES,
    log: (line) => json ? TERMINAL.writeError(`${line}\n`) : TERMINAL.write(`${line}\n`),
  });
  for (const report of json ? reports : []) TERMINAL.write(`${JSON.stringify(report)}\n`);
  return 0;
}
