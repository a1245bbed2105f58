import type { TopologyNode } from "./types";

/** Font sizes in px at the picture's natural size. */
export const fontSizes = { line: 12, label: 12, title: 13, head: 15 } as const;
export type TextKind = keyof typeof fontSizes;

/** Distance of two baselines in a card. */
export const lineHeight = 16;

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A text as drawn, on its baseline. */
export interface PlacedText {
  x: number;
  y: number;
  text: string;
  kind: TextKind;
  /** Where `x` is in the text. @default its start */
  anchor?: "middle" | "end";
}

// Advance widths in em of DejaVu Sans, the widest of the fonts that the picture asks for.
const narrow = new Map(
  Object.entries({ i: 0.28, j: 0.28, l: 0.28, t: 0.4, f: 0.36, r: 0.42, I: 0.3, J: 0.3 }),
);
const punctuation = new Map(
  Object.entries({ "-": 0.37, "–": 0.5, "·": 0.32, "→": 0.84, "%": 0.96 }),
);

/** An upper estimate of a text's width in px, whatever font the reader has. */
export function textWidth(text: string, kind: TextKind): number {
  let em = 0;
  for (const letter of text) em += letterWidth(letter);
  const bold = kind === "line" ? 1 : 1.1;
  return Math.ceil(em * fontSizes[kind] * bold);
}

function letterWidth(letter: string): number {
  const known = narrow.get(letter) ?? punctuation.get(letter);
  if (known !== undefined) return known;
  if (/[mwMW@]/.test(letter)) return 0.98;
  if (/[A-Z]/.test(letter)) return 0.72;
  if (/[a-z0-9]/.test(letter)) return 0.635;
  return /[\s.,:;'()/|]/.test(letter) ? 0.38 : 0.7;
}

/** The box that a text covers. */
export function textBox({ x, y, text, kind, anchor }: PlacedText): Box {
  const width = textWidth(text, kind);
  const size = fontSizes[kind];
  const left = anchor === "middle" ? width / 2 : anchor === "end" ? width : 0;
  return { x: x - left, y: y - size * 0.8, width, height: size };
}

const iconSize = 20;
const pad = 9;

/** Where a card's icon goes; servers have theirs in a row of their own. */
export function iconBox(node: TopologyNode, { x, y, width, height }: Box): Box | undefined {
  if (node.kind === "servers" || node.kind === "fleet") return undefined;
  if (node.kind === "peering") {
    return { x: x + (width - iconSize) / 2, y: y + pad, width: iconSize, height: iconSize };
  }
  const top = isTall(node) ? y + pad - 1 : y + (height - iconSize) / 2;
  return { x: x + pad, y: top, width: iconSize, height: iconSize };
}

/** Cards whose lines stand below the icon; the others have them beside it. */
function isTall({ kind }: TopologyNode): boolean {
  return ["database", "standby", "replication", "endpoints"].includes(kind);
}

/** The smallest box that holds a node's texts and icon. */
export function neededSize(node: TopologyNode): { width: number; height: number } {
  const title = textWidth(node.title, "title");
  const lines = node.lines.map((line) => textWidth(line, "line"));
  const widest = Math.max(0, ...lines);
  const count = node.lines.length;
  if (node.kind === "servers") {
    return { width: Math.max(title, widest) + 2 * pad, height: 62 };
  }
  if (node.kind === "fleet") return { width: title + 2 * pad, height: 24 + 62 + 7 };
  if (node.kind === "peering") {
    return { width: Math.max(title, widest) + 12, height: iconSize + 2 * pad + 16 * (count + 1) };
  }
  const beside = iconSize + 8;
  if (isTall(node)) {
    const width = Math.max(title + beside, widest) + 2 * pad;
    return { width, height: 32 + lineHeight * count + 7 };
  }
  return {
    width: Math.max(title, widest) + beside + 2 * pad,
    height: Math.max(iconSize, lineHeight * (count + 1)) + 16,
  };
}

/** A card's texts in their places. */
export function cardTexts(node: TopologyNode, box: Box): PlacedText[] {
  const { x, y, width, height } = box;
  const lines = (left: number, top: number, anchor?: "middle"): PlacedText[] =>
    node.lines.map((text, index) => ({
      x: left,
      y: top + lineHeight * index,
      text,
      kind: "line" as const,
      ...(anchor ? { anchor } : {}),
    }));
  if (node.kind === "fleet") {
    const room = width - 2 * pad;
    const all = [...(node.longTitles ?? []), node.title];
    const text = all.find((form) => textWidth(form, "title") <= room) ?? node.title;
    return [{ x: x + pad, y: y + 16, text, kind: "title" }];
  }
  if (node.kind === "servers") {
    return [{ x: x + pad, y: y + 38, text: node.title, kind: "title" }, ...lines(x + pad, y + 54)];
  }
  if (node.kind === "peering") {
    const center = x + width / 2;
    const top = y + pad + iconSize + 14;
    const title = { x: center, y: top, text: node.title, kind: "title" as const };
    return [{ ...title, anchor: "middle" }, ...lines(center, top + lineHeight, "middle")];
  }
  const beside = x + pad + iconSize + 8;
  if (isTall(node)) {
    const title = { x: beside, y: y + pad + 14, text: node.title, kind: "title" as const };
    return [title, ...lines(x + pad, y + pad + 34)];
  }
  const block = lineHeight * (node.lines.length + 1);
  const top = y + (height - block) / 2 + 12;
  return [
    { x: beside, y: top, text: node.title, kind: "title" },
    ...lines(beside, top + lineHeight),
  ];
}
