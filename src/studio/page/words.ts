/**
 * The page's words, in English and Chinese.
 *
 * @module
 */

const EN = {
  watch: "Watch",
  draw: "Draw",
  train: "Train",
  decide: "Losses",
  otherLanguage: "中文",
  noGpu:
    "This browser offers no WebGPU, so nothing can be drawn or trained here: try a current Chrome, Edge, Firefox or Safari. Runs can still be watched.",
  noRuns: "There is no run yet. Start one with `deno task train`; it appears here by itself.",
  noServer: "This page was built as plain files: there are no runs to watch.",
  runs: "Runs",
  step: "step",
  samplesOfStep: "Samples of step",
  generator: "Generator",
  builtIn: "the one built into this page",
  openFile: "Open a checkpoint…",
  nothingOpen: "Open a checkpoint (.safetensors), or train one under Train.",
  checkpointOfStep: "checkpoint of step",
  seed: "seed",
  truncation: "truncation",
  off: "off",
  sheetHint: "Choose a picture to walk around it.",
  picture: "picture",
  walk: "Walk",
  walkHint: "Move over the picture, or use the arrow keys.",
  pinA: "Pin as A",
  pinB: "Pin as B",
  between: "between A and B",
  savePng: "Save PNG",
  saveGif: "Save GIF",
  dropPhotos: "Drop photos or a folder here, or",
  choosePhotos: "choose photos…",
  chooseFolder: "choose a folder…",
  drawnFacades: "use drawn facades",
  photosReady: "photos ready",
  unusable: "unusable",
  reading: "reading",
  size: "size",
  width: "width",
  batch: "batch",
  loss: "loss",
  steps: "steps",
  both: "least squares and cross-entropy side by side",
  ls: "least squares",
  bce: "cross-entropy",
  hinge: "hinge",
  start: "Start",
  pause: "Pause",
  goOn: "Go on",
  reset: "Reset",
  download: "Download checkpoint",
  load: "Load checkpoint…",
  drawWithIt: "Draw with it",
  stepsPerSecond: "steps a second",
  resumed: "Found a training kept in this browser, at step",
  lost: "The GPU was lost; going on from the last saved step.",
  needPhotos: "First give some photos.",
  curves: "Losses and scores",
  curvesTitle: "The generator's loss, and the pull on a sample",
  curvesHint:
    "Left of the boundary the discriminator calls a sample generated, right of it real. Least squares pulls a sample that is called real, but lies far beyond the data, back towards them; cross-entropy hardly pulls at all there.",
  planeTitle: "Drag a sample",
  planeHint:
    "The line is the decision boundary, photos lie along the dashed line. Arrows show where a step of gradient descent takes each sample.",
  run: "Let the samples follow",
  stop: "Stop",
  saturating: "cross-entropy, saturating form",
  ringTitle: "A ring of eight Gaussians",
  ringHint:
    "Two small networks each, trained with this loss by the same loss kernels as the pictures'. Grey: data. Coloured: generated.",
  restart: "Start anew",
  gradientsOn: "loss kernels on the GPU",
  gradientsOff: "no WebGPU: losses computed by the reference",
};

/** The page's words. */
export type Words = typeof EN;

const ZH: Words = {
  watch: "观看",
  draw: "作画",
  train: "训练",
  decide: "损失函数",
  otherLanguage: "English",
  noGpu:
    "此浏览器不支持 WebGPU，无法在此作画或训练：请使用新版 Chrome、Edge、Firefox 或 Safari。仍可观看训练过程。",
  noRuns: "还没有训练。运行 `deno task train` 后会自动出现在这里。",
  noServer: "此页面为静态文件：没有可观看的训练。",
  runs: "训练",
  step: "步",
  samplesOfStep: "生成样本，步数",
  generator: "生成器",
  builtIn: "页面自带的生成器",
  openFile: "打开检查点…",
  nothingOpen: "请打开检查点文件（.safetensors），或在“训练”中训练一个。",
  checkpointOfStep: "检查点，步数",
  seed: "随机种子",
  truncation: "截断",
  off: "关",
  sheetHint: "选择一张图片，在其周围漫步。",
  picture: "图片",
  walk: "漫步",
  walkHint: "在图片上移动，或使用方向键。",
  pinA: "设为 A",
  pinB: "设为 B",
  between: "A 与 B 之间",
  savePng: "保存 PNG",
  saveGif: "保存 GIF",
  dropPhotos: "将照片或文件夹拖到这里，或",
  choosePhotos: "选择照片…",
  chooseFolder: "选择文件夹…",
  drawnFacades: "使用绘制的立面",
  photosReady: "张照片就绪",
  unusable: "张不可用",
  reading: "正在读取",
  size: "边长",
  width: "宽度",
  batch: "批大小",
  loss: "损失",
  steps: "步数",
  both: "最小二乘与交叉熵并排",
  ls: "最小二乘",
  bce: "交叉熵",
  hinge: "合页",
  start: "开始",
  pause: "暂停",
  goOn: "继续",
  reset: "重置",
  download: "下载检查点",
  load: "载入检查点…",
  drawWithIt: "用它作画",
  stepsPerSecond: "步/秒",
  resumed: "在此浏览器中找到保存的训练，步数",
  lost: "GPU 丢失；从上次保存的步继续。",
  needPhotos: "请先提供照片。",
  curves: "损失与得分",
  curvesTitle: "生成器的损失，以及对样本的拉力",
  curvesHint:
    "边界左侧，判别器认为样本是生成的；右侧，认为是真实的。对于被判为真实却远离数据的样本，最小二乘会把它拉回数据一侧，而交叉熵在那里几乎没有拉力。",
  planeTitle: "拖动一个样本",
  planeHint: "实线是决策边界，真实照片位于虚线附近。箭头表示一步梯度下降把每个样本带向何处。",
  run: "让样本随梯度移动",
  stop: "停止",
  saturating: "交叉熵（饱和形式）",
  ringTitle: "八个高斯分布组成的环",
  ringHint: "每种损失训练两个小网络，使用与图片训练相同的损失内核。灰色：数据。彩色：生成。",
  restart: "重新开始",
  gradientsOn: "损失内核在 GPU 上运行",
  gradientsOff: "没有 WebGPU：损失由参考实现计算",
};

/** The languages there are. */
export type Language = "en" | "zh";

/** The words of each language. */
export const WORDS: Readonly<Record<Language, Words>> = { en: EN, zh: ZH };

/** The reader's language: what was chosen here before, else the browser's. */
export function readersLanguage(): Language {
  const chosen = localStorage.getItem("language");
  if (chosen === "en" || chosen === "zh") return chosen;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}
