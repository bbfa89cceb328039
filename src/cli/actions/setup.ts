/**
 * `setup`: makes sure that there is an adapter.
 *
 * @module
 */

import type { SETUP } from "../commands/machine.ts";
import type { Invocation } from "../invocation.ts";
import { ensureAdapter, findAdapter } from "../setup/ensure_adapter.ts";
import { recordCliffy } from "../setup/cliffy_record.ts";
import { TERMINAL } from "../terminal.ts";

/** Installs a software adapter where there is none and it may. */
export async function setup({ options }: Invocation<typeof SETUP>): Promise<number> {
  await ensureAdapter(!options["no-install"]);
  const adapter = await findAdapter();
  TERMINAL.write(
    adapter ? `Adapter: ${adapter}\n` : "The adapter will be found from the next start on.\n",
  );
  const cliffy = await recordCliffy();
  TERMINAL.write(`Help: laid out by ${cliffy ? "Cliffy" : "commander, as JSR does not answer"}\n`);
  return 0;
}
