/**
 * The expressions of shader templates: a part of JavaScript's, read by a parser and never compiled, so
 * that pages whose policy forbids `eval` can specialise shaders, too.
 *
 * Numbers, texts, names, `Math`, arithmetic, shifts, bits, comparisons, `?:`, calls, `[...]` and arrow
 * functions of one parameter.
 *
 * @module
 */

import { type Expression, parseExpression } from "../deps/expression_parser.ts";

type Scope = Readonly<Record<string, unknown>>;
type Evaluator = (scope: Scope) => unknown;
// deno-lint-ignore no-explicit-any -- JavaScript's own operators decide what suits them
type Operator = (a: any, b: any) => unknown;

const OPERATORS: Readonly<Record<string, Operator>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => a % b,
  "<<": (a, b) => a << b,
  ">>": (a, b) => a >> b,
  "&": (a, b) => a & b,
  "|": (a, b) => a | b,
  "^": (a, b) => a ^ b,
  "<": (a, b) => a < b,
  ">": (a, b) => a > b,
  "<=": (a, b) => a <= b,
  ">=": (a, b) => a >= b,
  "===": (a, b) => a === b,
  "!==": (a, b) => a !== b,
  "&&": (a, b) => a && b,
  "||": (a, b) => a || b,
};

const parsed = new Map<string, Evaluator>();

/**
 * The value of an expression over named values.
 *
 * @throws {Error} If it is malformed, names something unknown, or uses what is not there.
 */
export function evaluate(text: string, scope: Scope): unknown {
  let run = parsed.get(text);
  if (!run) {
    run = build(parseExpression(text));
    parsed.set(text, run);
  }
  return run(scope);
}

function build(node: Expression): Evaluator {
  switch (node.type) {
    case "Literal": {
      const { value } = node;
      return () => value;
    }
    case "Identifier": {
      const name = node.name as string;
      return (scope) => {
        if (Object.hasOwn(scope, name)) return scope[name];
        if (name === "Math") return Math;
        throw new Error(`${name} is not defined`);
      };
    }
    case "UnaryExpression": {
      const argument = build(node.argument as Expression);
      if (node.operator === "-") return (scope) => -(argument(scope) as number);
      if (node.operator === "!") return (scope) => !argument(scope);
      break;
    }
    case "BinaryExpression": {
      const [left, right] = [build(node.left as Expression), build(node.right as Expression)];
      const operator = OPERATORS[node.operator as string];
      if (operator) return (scope) => operator(left(scope), right(scope));
      break;
    }
    case "ConditionalExpression": {
      const [test, yes, no] = [node.test, node.consequent, node.alternate]
        .map((part) => build(part as Expression));
      return (scope) => test(scope) ? yes(scope) : no(scope);
    }
    case "MemberExpression": {
      const object = build(node.object as Expression);
      const key = node.computed
        ? build(node.property as Expression)
        : () => (node.property as unknown as { readonly name: string }).name;
      return (scope) => {
        const [from, at] = [object(scope) as Scope, key(scope) as string];
        if (from[at] === undefined) throw new Error(`there is no [${at}]`);
        return from[at];
      };
    }
    case "CallExpression": {
      const callee = build(node.callee as Expression);
      const inputs = (node.arguments as readonly Expression[]).map(build);
      return (scope) =>
        (callee(scope) as (...values: unknown[]) => unknown)(...inputs.map((one) => one(scope)));
    }
    case "ArrowFunctionExpression": {
      const parameters = (node.params ?? []).map((one) =>
        (one as unknown as { readonly name: string }).name
      );
      const body = build(node.body);
      return (scope) => (...values: readonly unknown[]) =>
        body({ ...scope, ...Object.fromEntries(parameters.map((name, i) => [name, values[i]])) });
    }
  }
  throw new Error(`no expression of a shader template: ${node.type}`);
}
