/**
 * Memory that a software adapter may still take.
 *
 * @module
 */

/**
 * Bytes of the machine's memory that are free: what an adapter that computes on the processor lives on.
 * Infinity for others, whose own memory WebGPU does not tell, and where the program may not know.
 */
export function freeMemory({ software }: { readonly software: boolean }): number {
  if (!software) return Infinity;
  const allowed = Deno.permissions.querySync({ name: "sys", kind: "systemMemoryInfo" });
  return allowed.state === "granted" ? Deno.systemMemoryInfo().available : Infinity;
}
