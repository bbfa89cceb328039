/**
 * Which runs a comparison consists of, and the `train` command of each.
 *
 * @module
 */

import { join } from "node:path";
import { absoluteSource } from "../../data/expand.ts";
import type { COMPARE_PLAN } from "../commands/compare.ts";
import { TRAIN } from "../commands/train.ts";
import type { OptionSpec } from "../declare.ts";
import { createInvocation, type Invocation } from "../invocation.ts";
import { resolveOptions } from "../resolve.ts";
import { didYouMean, UsageError } from "../usage_error.ts";
import { checkValue } from "../values.ts";

/** Options of `train` by name. */
export type GivenOptions = Readonly<Record<string, unknown>>;

/** A run of a comparison. */
export interface PlannedRun {
  /** What it is called: `ls, seed 1`. */
  readonly title: string;
  /** Its folder. */
  readonly folder: string;
  /** What is given to `train`, but for where it goes. */
  readonly options: GivenOptions;
}

/** The options that both ways of comparing have. */
type PlanInvocation = Invocation<typeof COMPARE_PLAN>;

/**
 * The runs, seed by seed, so that a comparison stopped half-way has whole pairs.
 *
 * @throws {UsageError} If nothing varies, or a value is none of its option.
 */
export function planRuns(invocation: PlanInvocation): PlannedRun[] {
  const { options, given } = invocation;
  const common: Record<string, unknown> = {};
  for (const { name } of TRAIN.options) {
    if (given.has(name) && name !== "out") common[name] = (options as GivenOptions)[name];
  }
  if (options.data) common.data = options.data.map(absoluteSource);
  const variants = allVariants(options.losses, options.vary, common);
  return options.seeds.flatMap((seed) =>
    variants.map((variant): PlannedRun => {
      const name = variantName(variant);
      return {
        title: `${name.replaceAll("_", " ")}, seed ${seed}`,
        folder: join(options.out, `${name}-seed${seed}`),
        options: { ...common, ...variant, seed },
      };
    })
  );
}

/** Every loss with every value. */
function allVariants(
  losses: string | undefined,
  vary: string | undefined,
  common: GivenOptions,
): GivenOptions[] {
  if (losses === undefined && vary === undefined) {
    throw new UsageError("Give --losses ls,bce, or --vary OPTION=V1,V2: what is to be compared?");
  }
  if (losses !== undefined && common.loss !== undefined) {
    throw new UsageError("Give --losses or --loss, not both.");
  }
  const byLoss = losses === undefined
    ? [{}]
    : checkedValues(trainOption("loss"), losses.split(","), "--losses").map((loss) => ({ loss }));
  if (vary === undefined) return byLoss;
  const [, name, text] = /^([a-z-]+)=(.+)$/.exec(vary) ?? [];
  if (name === undefined) {
    throw new UsageError(`--vary takes OPTION=V1,V2 such as lr=1e-4,2e-4, got "${vary}".`);
  }
  if (name === "seed") throw new UsageError("--vary cannot take seed: give --seeds.");
  if (name === "loss") throw new UsageError("--vary cannot take loss: give --losses.");
  if (common[name] !== undefined) {
    throw new UsageError(`Give --${name} or --vary ${name}=..., not both.`);
  }
  const option = trainOption(name);
  const isList = /^(integers|numbers)$/.test(option.type) || ("list" in option && option.list);
  const parts = text.split(isList ? "/" : ",");
  const values = checkedValues(option, parts, `--vary ${name}`);
  return byLoss.flatMap((loss) => values.map((value) => ({ ...loss, [name]: value })));
}

function checkedValues(option: OptionSpec, texts: readonly string[], label: string): unknown[] {
  const values = texts.map((text) => checkValue(option, text.trim(), label));
  const seen = new Set(values.map((value) => JSON.stringify(value)));
  if (seen.size < values.length) throw new UsageError(`${label} names a value twice.`);
  return values;
}

/** The options of `train` that say what is computed. */
function trainOption(name: string): OptionSpec {
  const fixed = ["out", "resume", "config", "quiet", "log-format", "data", "workers"];
  const options: readonly OptionSpec[] = TRAIN.options.filter((one) => !fixed.includes(one.name));
  const option = options.find((one) => one.name === name);
  if (option) return option;
  const names = options.map((one) => one.name);
  throw new UsageError(`--vary: train has no option "${name}".${didYouMean(name, names)}`);
}

/** A variant as part of a folder's name; `ls`, `lr_0.0001`, `ls_labels_1_-1_0`. */
function variantName(variant: GivenOptions): string {
  return Object.entries(variant).map(([name, value]) => {
    const text = String(value).replaceAll(",", "_");
    return name === "loss" ? text : `${name}_${text}`;
  }).join("_");
}

/** A `train` invocation with options given as on the command line, and none from the environment. */
export function trainInvocation(options: GivenOptions): Invocation<typeof TRAIN> {
  return createInvocation<typeof TRAIN>(
    (file) => resolveOptions(TRAIN, { commandLine: options, env: () => undefined, file }),
    [],
  );
}

/** Options as a shell takes them, behind `train`. */
export function asWords(options: GivenOptions): string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    const option = TRAIN.options.find((one) => one.name === name);
    if (option?.type === "flag") return value === true ? [`--${name}`] : [];
    const values = option?.type === "paths" ? value as readonly string[] : [String(value)];
    return values.flatMap((one) => [`--${name}`, quoted(one)]);
  });
}

function quoted(word: string): string {
  return /^[\w./:,=+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
