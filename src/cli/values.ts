/**
 * From text or JSON to checked values, by an option's declaration.
 *
 * @module
 */

import type { NumberListOption, NumberOption, OptionSpec, PairOption } from "./declare.ts";
import { didYouMean, UsageError } from "./usage_error.ts";

/**
 * Checks a value and turns it into what the command gets: text from the command line or the
 * environment, or anything that a JSON or TOML file can hold.
 *
 * @param label How the message calls the option: a flag, a variable, or a key of a file.
 * @throws {UsageError} If the value is of another kind or out of range.
 */
export function checkValue(option: OptionSpec, given: unknown, label: string): unknown {
  const fail = (expected: string, hint = ""): never => {
    throw new UsageError(`${label} takes ${expected}, got ${show(given)}.${hint}`);
  };
  switch (option.type) {
    case "flag":
      if (typeof given === "boolean") return given;
      if (["1", "true", "yes", "on"].includes(String(given))) return true;
      if (["", "0", "false", "no", "off"].includes(String(given))) return false;
      return fail("true or false");
    case "integer":
    case "number": {
      const number = toNumber(given);
      return number !== undefined && inRange(option, number) ? number : fail(describe(option));
    }
    case "integers":
    case "numbers": {
      const numbers = split(given, ",").map(toNumber);
      const good = numbers.every((n) => n !== undefined && inRange(option, n)) &&
        numbers.length > 0 && numbers.length === (option.length ?? numbers.length);
      return good ? numbers : fail(describe(option));
    }
    case "pair": {
      const numbers = split(given, " ").map(toNumber);
      const good = numbers.length === 2 &&
        numbers.every((n) => n !== undefined && inRange(option, n));
      return good ? numbers : fail(describe(option));
    }
    case "choice":
      return typeof given === "string" && option.choices.includes(given)
        ? given
        : fail(listWords(option.choices), didYouMean(String(given), option.choices));
    case "size": {
      const [, rows, columns] = /^(\d{1,3})x(\d{1,3})$/.exec(String(given)) ?? [];
      return Number(rows) > 0 && Number(columns) > 0
        ? { rows: Number(rows), columns: Number(columns) }
        : fail("rows x columns such as 4x8");
    }
    case "paths": {
      const paths = typeof given === "string" ? [given] : given;
      const good = Array.isArray(paths) && paths.length > 0 && paths.every(isText);
      return good ? paths : fail("a path");
    }
    case "optional-path":
      return given === true || isText(given) ? given : fail("a path or nothing");
    case "path":
      return isText(given) ? given : fail("a path");
    case "text":
      return isText(given) ? given : fail("some text");
  }
}

/** The words of a choice as a sentence lists them: `ls or bce`. */
export function listWords(words: readonly string[], last = "or"): string {
  return words.length < 2
    ? words.join("")
    : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}

/** What an option's numbers must be, for messages and tables: `a whole number from 1 to 9`. */
export function describe(option: NumberOption | NumberListOption | PairOption): string {
  const { type, min, max } = option;
  if ("oneOf" in option && option.oneOf) return listWords(option.oneOf.map(String));
  const whole = type === "integer" || type === "integers" || type === "pair";
  const lower = min === undefined
    ? ""
    : "aboveMin" in option && option.aboveMin
    ? ` above ${min}`
    : max === undefined
    ? ` of at least ${min}`
    : ` from ${min}`;
  const upper = max === undefined
    ? ""
    : "belowMax" in option && option.belowMax
    ? ` and below ${max}`
    : lower.startsWith(" from")
    ? ` to ${max}`
    : ` and up to ${max}`;
  const range = lower + (lower === "" ? upper.replace(" and", "") : upper);
  const multiple = "multipleOf" in option && option.multipleOf
    ? `, a multiple of ${option.multipleOf}`
    : "";
  const noun = whole ? "whole number" : "number";
  if (type === "pair") return `two ${noun}s${range} with a space between`;
  if (type === "integers" || type === "numbers") {
    return `${option.length ?? ""} ${noun}s${range} separated by commas`.trim();
  }
  return `a ${noun}${range}${multiple}`;
}

function inRange(option: NumberOption | NumberListOption | PairOption, value: number): boolean {
  const { type, min = -Infinity, max = Infinity } = option;
  if ("oneOf" in option && option.oneOf) return option.oneOf.includes(value);
  if (type !== "number" && type !== "numbers" && !Number.isInteger(value)) return false;
  if ("multipleOf" in option && option.multipleOf && value % option.multipleOf !== 0) return false;
  if (value === min && "aboveMin" in option && option.aboveMin) return false;
  if (value === max && "belowMax" in option && option.belowMax) return false;
  return value >= min && value <= max;
}

function toNumber(given: unknown): number | undefined {
  if (typeof given === "number") return Number.isFinite(given) ? given : undefined;
  if (typeof given !== "string" || !/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(given.trim())) {
    return undefined; // Number() would take "", "0x10" and "Infinity"
  }
  return Number(given);
}

function split(given: unknown, separator: string): unknown[] {
  if (Array.isArray(given)) return given;
  return typeof given === "string" ? given.split(separator) : [given];
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function show(given: unknown): string {
  if (typeof given === "string") return `"${given}"`;
  return Array.isArray(given) && given.every((part) => typeof part === "string")
    ? `"${given.join(" ")}"`
    : JSON.stringify(given) ?? String(given);
}
