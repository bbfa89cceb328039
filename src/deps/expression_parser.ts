/**
 * jsep (npm) with its plugin for arrow functions: parses JavaScript expressions, runs nothing.
 *
 * @module
 */

import jsep, { type CoreExpression } from "npm:jsep@1.6.0";
import arrow from "npm:@jsep-plugin/arrow@1.0.6";

jsep.plugins.register(arrow);

/** A parsed expression, of the kinds that are used. */
export type Expression =
  | Exclude<CoreExpression, { readonly type: "Compound" | "SequenceExpression" }>
  | {
    readonly type: "ArrowFunctionExpression";
    readonly params: readonly Expression[] | null;
    readonly body: Expression;
  };

/** Parses an expression; throws where it is none. */
export function parseExpression(text: string): Expression {
  return jsep(text) as Expression;
}
