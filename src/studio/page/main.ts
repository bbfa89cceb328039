/**
 * The studio's page: a view at a time.
 *
 * @module
 */

import { type Checkpoint, type Gpu, openGpu } from "../../../browser.ts";
import type { RunEntry } from "../run_entry.ts";
import { decideView } from "./decide_view.ts";
import { button, el } from "./dom.ts";
import { drawView } from "./draw_view.ts";
import { trainView } from "./train_view.ts";
import type { Page, View } from "./view.ts";
import { watchView } from "./watch_view.ts";
import { type Language, readersLanguage, WORDS } from "./words.ts";

const VIEWS = ["watch", "draw", "train", "decide"] as const;
type ViewName = typeof VIEWS[number];

let language: Language = readersLanguage();
let shown: { name: ViewName; view: View } | undefined;

let device: Promise<Gpu | undefined> | undefined;
function gpu(): Promise<Gpu | undefined> {
  device ??= openGpu().then(
    (open) => {
      void open.device.lost.then(() => device = undefined);
      return open;
    },
    () => device = undefined, // a GPU that was lost may come back
  );
  return device;
}

async function runs(): Promise<readonly RunEntry[] | undefined> {
  const response = await fetch("api/runs");
  // Some servers of plain files answer everything with a page.
  return response.ok ? await response.json().catch(() => undefined) : undefined;
}

function show(name: ViewName, checkpoint?: Checkpoint): void {
  shown?.view.close();
  const page: Page = {
    words: WORDS[language],
    gpu,
    runs,
    drawWith: (checkpoint) => show("draw", checkpoint),
  };
  const view = name === "watch"
    ? watchView(page)
    : name === "draw"
    ? drawView(page, checkpoint)
    : name === "train"
    ? trainView(page)
    : decideView(page);
  shown = { name, view };
  location.hash = name;
  view.element.setAttribute("role", "tabpanel");
  view.element.ariaLabel = WORDS[language][name];
  document.getElementById("view")!.replaceChildren(view.element);
  showFrame();
}

function showFrame(): void {
  const words = WORDS[language];
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  const tabs = document.getElementById("tabs")!;
  const focused = tabs.contains(document.activeElement);
  tabs.replaceChildren(...VIEWS.map((name) => {
    const selected = shown?.name === name;
    const tab = button(words[name], () => show(name), { tabIndex: selected ? 0 : -1 });
    tab.setAttribute("role", "tab");
    tab.ariaSelected = `${selected}`;
    if (selected && focused) requestAnimationFrame(() => tab.focus());
    return tab;
  }));
  tabs.onkeydown = ({ key }) => {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[key];
    if (way === undefined || !shown) return;
    show(VIEWS[(VIEWS.indexOf(shown.name) + way + VIEWS.length) % VIEWS.length]);
  };
  const other = el("span", { textContent: words.otherLanguage });
  const switcher = document.getElementById("language")!;
  switcher.replaceChildren(other);
  switcher.lang = language === "zh" ? "en" : "zh-CN";
  switcher.onclick = () => {
    language = language === "zh" ? "en" : "zh";
    localStorage.setItem("language", language);
    show(shown?.name ?? "draw");
  };
}

/** A plain-file page has no runs to watch: it opens on drawing. */
async function firstView(): Promise<ViewName> {
  const asked = VIEWS.find((name) => location.hash === `#${name}`);
  if (asked) return asked;
  const found = await runs().catch(() => undefined);
  return found && found.length > 0 ? "watch" : "draw";
}

void firstView().then((name) => show(name));
