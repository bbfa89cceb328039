/**
 * Environment variables, read where that is allowed.
 *
 * @module
 */

/** A variable's value; undefined where it is unset, empty, or Deno was not given the permission. */
export function readVariable(variable: string): string | undefined {
  // Asking first keeps a run without the permission from stopping at a prompt.
  if (Deno.permissions.querySync({ name: "env", variable }).state !== "granted") return undefined;
  return Deno.env.get(variable) || undefined;
}
