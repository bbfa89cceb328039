/**
 * What a backward pass does with the gradients of parameters.
 *
 * @module
 */

/** Overwrite them (the first of several passes), add to them, or leave them alone. */
export type Gradients = "write" | "add" | "none";
