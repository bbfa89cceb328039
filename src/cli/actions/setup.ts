/**
 * `setup`: makes sure that there is an adapter.
 *
 * @module
 */

import { adapterInWords } from "../adapter_words.ts";
import type { SETUP } from "../commands/machine.ts";
import type { Invocation } from "../invocation.ts";
import { ensureAdapter, findAdapter } from "../setup/ensure_adapter.ts";
import { recordCliffy } from "../setup/cliffy_record.ts";
import { TERMINAL } from "../terminal.ts";

/** Installs a Vulkan driver where there is no adapter, or only one behind OpenGL, and it may. */
export async function setup({ options }: Invocation<typeof SETUP>): Promise<number> {
  const outcome = await ensureAdapter(!options["no-install"]);
  const adapter = outcome.did === "install" ? undefined : await findAdapter();
  TERMINAL.write(
    adapter
      ? `Adapter: ${adapterInWords(adapter)}\n`
      : "The adapter will be found from the next start on.\n",
  );
  if (outcome.did === "leave OpenGL") {
    TERMINAL.write(`Vulkan would be about five times as fast: ${outcome.message}\n`);
  }
  const cliffy = await recordCliffy();
  TERMINAL.write(`Help: laid out by ${cliffy ? "Cliffy" : "commander, as JSR does not answer"}\n`);
  return 0;
}
