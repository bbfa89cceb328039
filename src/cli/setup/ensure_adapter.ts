/**
 * Makes sure that this machine has a WebGPU adapter, and one behind Vulkan where OpenGL would be slow:
 * the first step of every task that computes. It is a process of its own so that only it may run other
 * programs.
 *
 * @module
 */

import { UserError } from "../../errors.ts";
import { backendOf, requestedBackend } from "../../host/backend.ts";
import { quietDriver } from "../../host/quiet_driver.ts";
import type { Backend } from "../../gpu/device.ts";
import { type Machine, planSetup } from "./plan.ts";

const SUDO = "/usr/bin/sudo";
const APT = "/usr/bin/apt-get";

/** The first adapter. */
export interface FoundAdapter {
  /** Its name. */
  readonly name: string;
  /** The interface it is reached through, where that is known. */
  readonly backend: Backend | undefined;
}

/** The first adapter; undefined where there is none. */
export async function findAdapter(): Promise<FoundAdapter | undefined> {
  quietDriver();
  const adapter = await navigator.gpu?.requestAdapter();
  if (!adapter) return undefined;
  const name = adapter.info.description || "an adapter without a name";
  return { name, backend: backendOf(adapter.info) };
}

/** What {@linkcode ensureAdapter} came to. */
export type SetupOutcome =
  /** A good adapter was there. */
  | { readonly did: "nothing" }
  /** A driver was installed; the next process finds its adapter. */
  | { readonly did: "install" }
  /** There is an adapter behind OpenGL; `message` says how to get one behind Vulkan. */
  | { readonly did: "leave OpenGL"; readonly message: string };

/**
 * Does nothing where a good adapter is found. Where there is none, or one behind OpenGL that nobody
 * asked for, installs a Vulkan driver if it may, and says so; for the sake of speed alone only as root,
 * in continuous integration or with the user's consent.
 *
 * @throws {UserError} If there is none and none can be installed; the message says what to do.
 */
export async function ensureAdapter(mayInstall: boolean): Promise<SetupOutcome> {
  const found = await findAdapter();
  if (found && (found.backend !== "OpenGL" || requestedBackend() === "OpenGL")) {
    return { did: "nothing" };
  }
  const machine = inspectMachine(mayInstall);
  const plan = planSetup(machine);
  if (plan.do === "tell") {
    if (found) return { did: "leave OpenGL", message: plan.message };
    throw new UserError(`no GPU adapter found: ${plan.message}`);
  }
  if (found) {
    const commands = plan.commands.map((words) => words.join(" ")).join(" && ");
    if (!machine.root && !machine.ci && !hasConsent(found)) {
      return { did: "leave OpenGL", message: `run: ${commands}` };
    }
    console.error(
      `${found.name} is reached through OpenGL: installing Mesa's Vulkan driver, with which a step ` +
        "is about five times as fast (once, about 30 MB).",
    );
  } else {
    console.error("No GPU adapter found: installing Mesa's software adapter (once, about 30 MB).");
  }
  const why = await install(plan.commands);
  if (why === undefined) {
    console.error("Installed.");
    return { did: "install" };
  }
  if (found) return { did: "leave OpenGL", message: `installing it failed: ${why}` };
  throw new UserError(`no GPU adapter found, and installing one failed: ${why}`);
}

/** Asks whether to install a driver; no where nobody can answer. */
function hasConsent({ name }: FoundAdapter): boolean {
  if (!Deno.stdin.isTerminal() || !Deno.stderr.isTerminal()) return false;
  return confirm(
    `${name} is reached through OpenGL; through Vulkan a step is about five times as fast. Install ` +
      "Mesa's Vulkan driver (30 MB)?",
  );
}

/** Runs commands; gives the last line of what went wrong. */
async function install(commands: readonly (readonly string[])[]): Promise<string | undefined> {
  for (const [program, ...args] of commands) {
    console.error(`  ${[program, ...args].join(" ")}`);
    const { success, stderr } = await new Deno.Command(program === "sudo" ? SUDO : APT, {
      args,
      env: { DEBIAN_FRONTEND: "noninteractive" },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    if (!success) return new TextDecoder().decode(stderr).trim().split("\n").at(-1) ?? "";
  }
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
    ci: isOn(Deno.env.get("CI")),
    sudo,
    apt: linux && exists(APT),
    mayInstall,
  };
}

function isOn(variable: string | undefined): boolean {
  return !["", "0", "false", "no"].includes(variable ?? "");
}

if (import.meta.main) {
  try {
    await ensureAdapter(!isOn(Deno.env.get("FACADEGAN_NO_SETUP")));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(`error: ${error.message}`);
    Deno.exit(1);
  }
}
