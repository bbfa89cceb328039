/**
 * A page that asks nothing of any network: reports and comparisons are made of it.
 *
 * @module
 */

import { escapeXml } from "../plot/svg.ts";
import style from "./report_style.css" with { type: "text" };

/** A whole page; its policy lets it load nothing from anywhere. */
export function renderPage(title: string, body: readonly string[], script = ""): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${escapeXml(title)}</title>
<style>
${style}</style>
</head>
<body>
<main>
${body.join("\n")}
</main>${script === "" ? "" : `\n<script>\n${script}</script>`}
</body>
</html>
`;
}

/** A part of a page under a heading. */
export function section(title: string, content: string): string {
  return `<section>\n<h2>${escapeXml(title)}</h2>\n${content}\n</section>`;
}

/** A PNG within the page. */
export function pngImage(png: Uint8Array, alt: string): string {
  return `<img class="grid" alt="${escapeXml(alt)}" src="${pngUrl(png)}">`;
}

/** A PNG as an address that holds it. */
export function pngUrl(png: Uint8Array): string {
  return `data:image/png;base64,${png.toBase64()}`;
}
