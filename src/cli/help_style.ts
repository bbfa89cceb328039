/**
 * How help looks, whichever library lays it out.
 *
 * @module
 */

/** How help looks. */
export interface HelpStyle {
  /** What usage and examples start with. */
  readonly program: string;
  /** Whether to use colours. */
  readonly color: boolean;
  /** Columns to fill. */
  readonly width: number;
}
