/**
 * What a backward pass does with the gradients of parameters.
 *
 * @module
 */

/** Write them, or leave them alone. */
export type Gradients = "write" | "none";
