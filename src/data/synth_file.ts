/** @module */
import { dirname } from "node:path";
export interface FacadeFile {
  readonly path: string;
  readonly index: number;
  readonly seed: number;
  readonly width: number;
  readonly height: number;
}
export function drawFacadeFile(f: FacadeFile): void {
  Deno.mkdirSync(dirname(f.path));
}
