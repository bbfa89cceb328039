/**
 * `doctor`, `setup` and `completions`, declared.
 *
 * @module
 */

import type { CommandSpec } from "../declare.ts";
import { JSON_RESULT } from "./shared.ts";

/** What this machine offers. */
export const DOCTOR = {
  name: "doctor",
  summary: "Show adapter, driver, limits and versions, and whether a small kernel computes right",
  options: [JSON_RESULT],
} as const satisfies CommandSpec;

/** Makes sure that there is an adapter. */
export const SETUP = {
  name: "setup",
  summary: "Install a Vulkan driver where this machine has no GPU adapter, or only a slow one",
  details:
    "Says which adapter there is and through which backend. Where there is none, or only one " +
    "behind OpenGL, which is five times as slow: on Debian and Ubuntu, as root or with sudo that asks " +
    "for no password, installs mesa-vulkan-drivers and libvulkan1 (for speed alone it asks first, " +
    "unless as root or in continuous integration); elsewhere says what to install.",
  options: [{
    name: "no-install",
    type: "flag",
    help: "install nothing, say what is missing",
    env: "FACADEGAN_NO_SETUP",
  }],
} as const satisfies CommandSpec;

/** Prints a shell's completion script. */
export const COMPLETIONS = {
  name: "completions",
  summary: "Print a completion script for bash, zsh or fish",
  arguments: [{ name: "SHELL", help: "bash, zsh or fish", choices: ["bash", "zsh", "fish"] }],
  options: [],
  examples: [{
    does: "For this bash",
    line: "completions bash > ~/.facadegan.bash",
  }],
} as const satisfies CommandSpec;
