/**
 * commander (npm): parses the command line where Cliffy cannot be loaded.
 *
 * @module
 */

export { Argument, Command, CommanderError, Option } from "npm:commander@15.1.0";
