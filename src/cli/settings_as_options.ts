/**
 * The library's messages in the command line's words.
 *
 * @module
 */

/** Settings that no option of their own stands for. */
const OPTIONS: Readonly<Record<string, string>> = {
  allowChanges: "allow-changes",
  beta1: "betas",
  beta2: "betas",
  diffAugment: "diff-augment",
  instanceNoise: "instance-noise",
  featuresRange: "features-range",
  lrD: "lr-d",
  normD: "norm-d",
};

/** Turns settings that a message names, `` `batch` ``, into the options that give them, `--batch`. */
export function asOptions(message: string): string {
  return message.replace(/`([a-z]\w*)`/g, (_, name: string) => `--${OPTIONS[name] ?? name}`);
}
