/**
 * `setup`: makes sure that there is an adapter.
 *
 * @module
 */

import type { SETUP } from "../commands/machine.ts";
import type { Invocation } from "../invocation.ts";
import { ensureAdapter, findAdapter } from "../setup/ensure_adapter.ts";
import { TERMINAL } from "../terminal.ts";

/** Installs a software adapter where there is none and it may. */
export async function setup({ options }: Invocation<typeof SETUP>): Promise<number> {
  await ensureAdapter(!options["no-install"]);
  const adapter = await findAdapter();
  TERMINAL.write(
    adapter ? `Adapter: ${adapter}\n` : "The adapter will be found from the next start on.\n",
  );
  return 0;
}
