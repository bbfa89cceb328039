/**
 * The small template language of shaders/*.wgsl. Loops and arrays cost dearly in WGSL while text
 * is free, so kernels are specialised and unrolled as text when their pipeline is made:
 *
 * ```wgsl
 * //# for i in 0..ROWS          repeats the lines up to the matching end, i = 0, 1, ...
 * acc${i} = fma(a${i}, b, acc${i});
 * //# end
 * //# if ACTIVATION === "tanh"  keeps the lines where the expression holds
 * //# else
 * //# end
 * const COUNT = ${ROWS * 4}u;   an expression of the constants and loop variables
 * ```
 *
 * Directives are comments, so editors still read the files as WGSL.
 *
 * @module
 */

import { evaluate } from "./expression.ts";

/** Values a shader is specialised with; functions write the expressions too long for a shader. */
export type Constants = Readonly<Record<string, Constant>>;

/** A number, word or switch; a matrix; a function, be it one that writes WGSL. */
export type Constant =
  | number
  | string
  | boolean
  | readonly (readonly number[])[]
  // deno-lint-ignore no-explicit-any -- each function has its own arguments
  | ((...values: any[]) => string | number);

interface Block {
  readonly kind: "root" | "for" | "if";
  readonly head: string;
  readonly body: Node[];
  readonly otherwise: Node[];
}
type Node = string | Block;

/**
 * Specialises a shader's text.
 *
 * @throws {Error} If the text is malformed or names an unknown constant: a bug in a shader.
 */
export function expandTemplate(source: string, constants: Constants): string {
  const out: string[] = [];
  emit(parse(source).body, constants, out);
  return out.join("\n");
}

function parse(source: string): Block {
  const root: Block = { kind: "root", head: "", body: [], otherwise: [] };
  const stack: { block: Block; into: Node[] }[] = [{ block: root, into: root.body }];
  for (const line of source.split("\n")) {
    const directive = /^\s*\/\/#\s*(for|if|else|end)\b\s*(.*)$/.exec(line);
    const top = stack[stack.length - 1];
    if (!directive) {
      top.into.push(line);
      continue;
    }
    const [, word, head] = directive;
    if (word === "for" || word === "if") {
      const block: Block = { kind: word, head, body: [], otherwise: [] };
      top.into.push(block);
      stack.push({ block, into: block.body });
    } else if (top.block.kind === "root" || (word === "else" && top.block.kind !== "if")) {
      throw new Error(`shader template: stray '${line.trim()}'`);
    } else if (word === "else") {
      top.into = top.block.otherwise;
    } else {
      stack.pop();
    }
  }
  if (stack.length > 1) throw new Error("shader template: an '//# end' is missing");
  return root;
}

function emit(nodes: readonly Node[], scope: Constants, out: string[]): void {
  for (const node of nodes) {
    if (typeof node === "string") {
      out.push(node.replace(/\$\{([^}]*)\}/g, (_, text) => String(valueOf(text, scope))));
    } else if (node.kind === "if") {
      emit(valueOf(node.head, scope) ? node.body : node.otherwise, scope, out);
    } else {
      const range = /^(\w+)\s+in\s+(.+)\.\.(.+)$/.exec(node.head);
      if (!range) throw new Error(`shader template: malformed 'for ${node.head}'`);
      const [, name, from, to] = range;
      const end = Number(valueOf(to, scope));
      for (let i = Number(valueOf(from, scope)); i < end; i++) {
        emit(node.body, { ...scope, [name]: i }, out);
      }
    }
  }
}

function valueOf(text: string, scope: Constants): unknown {
  try {
    return evaluate(text, scope);
  } catch (error) {
    throw new Error(`shader template: '${text.trim()}': ${(error as Error).message}`);
  }
}
