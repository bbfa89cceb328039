/**
 * Makes sure that this machine has a WebGPU adapter: the first step of every task that computes.
 * It is a process of its own so that only it may run other programs.
 *
 * @module
 */

import { UserError } from "../../errors.ts";
import { quietDriver } from "../../host/quiet_driver.ts";
import { type Machine, planSetup } from "./plan.ts";

const SUDO = "/usr/bin/sudo";
const APT = "/usr/bin/apt-get";

/** The first adapter's name; undefined where there is none. */
export async function findAdapter(): Promise<string | undefined> {
  quietDriver();
  const adapter = await navigator.gpu?.requestAdapter();
  return adapter ? adapter.info.description || "an adapter without a name" : undefined;
}

/**
 * Does nothing where an adapter is found; else installs one where it may, and says so.
 *
 * @throws {UserError} If there is none and none can be installed; the message says what to do.
 */
export async function ensureAdapter(mayInstall: boolean): Promise<void> {
  if (await findAdapter()) return;
  const plan = planSetup(inspectMachine(mayInstall));
  if (plan.do === "tell") throw new UserError(`no GPU adapter found: ${plan.message}`);
  console.error("No GPU adapter found: installing Mesa's software adapter (once, about 30 MB).");
  for (const [program, ...args] of plan.commands) {
    console.error(`  ${[program, ...args].join(" ")}`);
    const { success, stderr } = await new Deno.Command(program === "sudo" ? SUDO : APT, {
      args,
      env: { DEBIAN_FRONTEND: "noninteractive" },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    if (success) continue;
    const why = new TextDecoder().decode(stderr).trim().split("\n").at(-1);
    throw new UserError(`no GPU adapter found, and installing one failed: ${why}`);
  }
  console.error("Installed.");
}

function inspectMachine(mayInstall: boolean): Machine {
  const exists = (path: string): boolean => {
    try {
      Deno.statSync(path);
      return true;
    } catch {
      return false;
    }
  };
  const linux = Deno.build.os === "linux";
  const sudo = linux && mayInstall && exists(SUDO) &&
    new Deno.Command(SUDO, { args: ["-n", "true"], stderr: "null", stdout: "null" }).outputSync()
      .success;
  return {
    os: Deno.build.os,
    osRelease: linux && exists("/etc/os-release") ? Deno.readTextFileSync("/etc/os-release") : "",
    root: linux && Deno.uid() === 0,
    sudo,
    apt: linux && exists(APT),
    mayInstall,
  };
}

if (import.meta.main) {
  try {
    const forbidden = Deno.env.get("FACADEGAN_NO_SETUP") ?? "";
    await ensureAdapter(["", "0", "false", "no"].includes(forbidden));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(`error: ${error.message}`);
    Deno.exit(1);
  }
}
