/**
 * smol-toml (npm): reads TOML.
 *
 * @module
 */

export { parse as parseToml, TomlError } from "npm:smol-toml@1.9.1";
