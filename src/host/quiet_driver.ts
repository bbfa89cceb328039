/**
 * Keeping a driver's harmless remarks off people's screens.
 *
 * @module
 */

/**
 * On machines without a desktop the driver prints "error: XDG_RUNTIME_DIR is invalid" for a variable
 * that computing does not need. Sets it, where it is unset and Deno was given it, for this process
 * alone. To be called before the first adapter is asked for.
 */
export function quietDriver(): void {
  if (Deno.build.os !== "linux") return;
  const variable = "XDG_RUNTIME_DIR";
  if (Deno.permissions.querySync({ name: "env", variable }).state !== "granted") return;
  if (!Deno.env.get(variable)) Deno.env.set(variable, "/tmp");
}
