/**
 * commander (npm): parses the command line, and prints help where Cliffy is not at hand.
 *
 * @module
 */

export { Argument, Command, CommanderError, Option } from "npm:commander@15.1.0";
