/**
 * `bench peers`: our step beside other programs' in turns.
 *
 * @module
 */

import { PEER_NAMES, type PeerName, runPeers } from "../../bench/peers.ts";
import type { BENCH_PEERS } from "../commands/bench.ts";
import type { Invocation } from "../invocation.ts";
import { TERMINAL } from "../terminal.ts";

/** Prints a table of medians and ratios; peers that cannot run are named with the reason. */
export async function benchPeers({ options }: Invocation<typeof BENCH_PEERS>): Promise<number> {
  const { batch, width, rounds, peer, json } = options;
  const report = await runPeers({
    batch,
    width,
    rounds,
    peers: peer ? [peer as PeerName] : PEER_NAMES,
    log: (line) => json ? TERMINAL.writeError(`${line}\n`) : TERMINAL.write(`${line}\n`),
  });
  if (json) TERMINAL.write(`${JSON.stringify(report)}\n`);
  return 0;
}
