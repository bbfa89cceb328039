/**
 * Both networks in one picture, drawn from the table of layers.
 *
 * @module
 */

import { escapeXml } from "../src/plot/svg.ts";
import {
  type Architecture,
  discriminatorLayers,
  generatorLayers,
  type Layer,
  SMALLEST,
} from "../src/model/layers.ts";

/** Feature maps: pixels a side and channels, and what made them of those before. */
interface Stage {
  readonly pixels: number;
  readonly channels: number;
  readonly by: readonly string[];
}

const HEIGHT = 150;
const STEP = 118;
const TOP = 34;

/** Draws the generator above the discriminator as SVG. */
export function networkPicture(architecture: Architecture): string {
  const generator: Stage[] = [
    { pixels: 1, channels: architecture.nz, by: ["noise z"] },
    ...stages(generatorLayers(architecture), "up"),
  ];
  const discriminator: Stage[] = [
    { pixels: architecture.size, channels: 3, by: ["photo or picture"] },
    ...stages(discriminatorLayers(architecture), "down"),
  ];
  const width = STEP * Math.max(generator.length, discriminator.length + 1) + 20;
  const last = TOP + 2 * HEIGHT + 40;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${last}" width="${width}" \
height="${last}" font-family="DejaVu Sans, sans-serif" font-size="11">
<title>Generator and discriminator at ${architecture.size}x${architecture.size} pixels</title>
<rect width="100%" height="100%" fill="#fff"/>
${row("Generator G", generator, TOP, "#2f6db3")}
${row("Discriminator D", discriminator, TOP + HEIGHT + 20, "#b3502f")}
${score(discriminator.length, TOP + HEIGHT + 20)}
</svg>
`;
}

function stages(layers: readonly Layer[], way: "up" | "down"): Stage[] {
  const list: { pixels: number; channels: number; by: string[] }[] = [];
  for (const layer of layers) {
    if (layer.kind === "project") {
      const by = [`${SMALLEST}x${SMALLEST} transposed`, "convolution"];
      list.push({ pixels: SMALLEST, channels: layer.channels, by });
    } else if (layer.kind === "conv") {
      const { pixels, big, small } = layer;
      list.push(
        way === "up"
          ? { pixels: 2 * pixels, channels: big, by: ["4x4 transposed", "stride 2"] }
          : { pixels, channels: small, by: ["4x4 convolution", "stride 2"] },
      );
    } else if (layer.kind === "norm") {
      list.at(-1)!.by.push(way === "up" ? "batch norm, ReLU" : "batch norm, Leaky");
    }
  }
  const first = list.at(way === "up" ? -1 : 0)!;
  first.by.push(way === "up" ? "tanh" : "LeakyReLU 0.2");
  return list;
}

function row(title: string, list: readonly Stage[], top: number, color: string): string {
  const parts = list.map(({ pixels, channels, by }, i) => {
    const side = 10 + 9 * Math.log2(pixels);
    const depth = Math.round(4 + 3 * Math.log2(channels));
    const [x, y] = [20 + i * STEP, top + 48 - side / 2];
    const box = `<path d="M${x} ${y}h${depth}v${side}h${-depth}z" fill="${color}" opacity=".75"/>` +
      `<path d="M${x} ${y}l8 -6h${depth}l-8 6z" fill="${color}" opacity=".45"/>` +
      `<path d="M${x + depth} ${y}l8 -6v${side}l-8 6z" fill="${color}"/>`;
    const shape = pixels === 1 ? `${channels}` : `${pixels}x${pixels}, ${channels}`;
    const lines = by.map((line, n) =>
      `<text x="${x}" y="${top + 104 + 13 * n}" fill="#555">${escapeXml(line)}</text>`
    );
    return `${box}<text x="${x}" y="${top + 91}" font-weight="bold">${shape}</text>${
      lines.join("")
    }`;
  });
  return `<text x="20" y="${
    top - 14
  }" font-size="14" font-weight="bold" fill="${color}">${title}</text>
${parts.join("\n")}`;
}

/** The end of the discriminator: a linear layer and no sigmoid. */
function score(at: number, top: number): string {
  const x = 20 + at * STEP;
  return `<circle cx="${x + 8}" cy="${top + 48}" r="7" fill="#b3502f"/>
<text x="${x}" y="${top + 91}" font-weight="bold">score</text>
<text x="${x}" y="${top + 104}" fill="#555">linear, no sigmoid</text>
<text x="${x}" y="${top + 117}" fill="#555">photos to 1,</text>
<text x="${x}" y="${top + 130}" fill="#555">pictures to 0</text>`;
}
