/**
 * Bits of SVG that charts and figures are put together from.
 *
 * @module
 */

/** The font: PT Sans, in which every chart is rendered, or what a browser has like it. */
export const FONT = `font-family="PT Sans, Verdana, sans-serif"`;

/** How a text is set. */
export interface TextStyle {
  /** Its letters' height in units. */
  readonly size: number;
  /** Which part of it stands at x; default the start. */
  readonly anchor?: "start" | "middle" | "end";
  /** Default plain. */
  readonly weight?: "bold";
  /** A CSS colour; default nearly black. */
  readonly fill?: string;
  /** From bottom to top. */
  readonly rotate?: boolean;
}

/** A line of text; an empty one is nothing. */
export function text(x: number, y: number, content: string, style: TextStyle): string {
  const { size, anchor = "start", weight, fill = "#222222", rotate } = style;
  return content === ""
    ? ""
    : `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" font-size="${size}" ` +
      `text-anchor="${anchor}" fill="${fill}"${weight ? ` font-weight="${weight}"` : ""}${
        rotate ? ` transform="rotate(-90 ${x} ${y})"` : ""
      }>${escapeXml(content)}</text>`;
}

/** A straight line. */
export function line(x1: number, y1: number, x2: number, y2: number, color: string): string {
  const at = [x1, y1, x2, y2].map((value) => value.toFixed(1));
  return `<line x1="${at[0]}" y1="${at[1]}" x2="${at[2]}" y2="${at[3]}" stroke="${color}"/>`;
}

/** Text made safe between tags and in attributes, of XML and HTML. */
export function escapeXml(content: string): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
  };
  return content.replace(/[&<>"]/g, (character) => entities[character]);
}
