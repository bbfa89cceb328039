/**
 * Why a file cannot be read, in words.
 *
 * @module
 */

/** The reason for people: no error numbers, no system calls. */
export function whyUnreadable(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  if (error instanceof Deno.errors.NotADirectory) return "there is no such file";
  if (error instanceof Deno.errors.PermissionDenied) return "you may not read it";
  if (error instanceof Deno.errors.NotCapable) {
    return "Deno was not given the permission to read it";
  }
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder";
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/ \(os error \d+\).*/s, "");
}
