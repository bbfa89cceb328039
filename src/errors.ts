/**
 * Errors that are the user's to mend, told apart from bugs.
 *
 * @module
 */

/**
 * Something a user can put right: a missing folder, a corrupt file, an option out of range.
 *
 * The command line prints its message as one line and exits with a non-zero status; every other
 * error is a bug and keeps its stack trace.
 */
export class UserError extends Error {
  /** The class name, so that it survives being sent between threads. */
  override name = "UserError";
}

/** A message of which part comes from a file, on one line: control characters are written out. */
export function oneLine(message: string): string {
  return message.replace(
    /\p{Cc}/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
