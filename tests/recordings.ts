/**
 * The training runs recorded from PyTorch in fixtures/.
 *
 * @module
 */

/** Their files' names, without the ending. */
export const RECORDINGS = [
  "ls-w4-b4",
  "bce-w4-b4",
  "hinge-w4-b4",
  "ls-w4-b4-s32",
  "ls-w4-b4-s32-grey",
  "ls-w4-b2-s128",
  "ls-w4-b4-s32-spectral",
] as const;
