import type { Point } from "./elk";
import { fontSizes, textWidth, type Box, type PlacedText } from "./text";

export interface Label {
  text: PlacedText;
  box: Box;
}

/** What a label must keep clear of. */
export interface Obstacles {
  boxes: Box[];
  lines: Point[][];
}

const gap = 4;

/**
 * A free place beside one of a line's segments, the longest first; undefined if there is none.
 * Above a horizontal one, left of a vertical one, else on the other side.
 */
export function placeLabel(words: string, parts: Point[][], around: Obstacles): Label | undefined {
  const width = textWidth(words, "label");
  const height = fontSizes.label;
  const segments = parts.flatMap(segmentsOf).sort((a, b) => b.length - a.length);
  for (const { a, b } of segments) {
    for (const share of [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9]) {
      const x = Math.round(a.x + (b.x - a.x) * share);
      const y = Math.round(a.y + (b.y - a.y) * share);
      const places: Box[] =
        a.y === b.y
          ? [
              { x: Math.round(x - width / 2), y: y - gap - height, width, height },
              { x: Math.round(x - width / 2), y: y + gap, width, height },
            ]
          : [
              { x: x - gap - width, y: Math.round(y - height / 2), width, height },
              { x: x + gap, y: Math.round(y - height / 2), width, height },
            ];
      const box = places.find((place) => isFree(place, around));
      if (box) {
        return { text: textIn(box, words, { x, y }), box };
      }
    }
  }
  return undefined;
}

/** Aligned towards its line, so that it stays there in a narrower font, too. */
function textIn(box: Box, words: string, at: Point): PlacedText {
  const text = { text: words, kind: "label" as const, y: Math.round(box.y + box.height * 0.8) };
  if (box.x > at.x) return { ...text, x: box.x };
  const isLeft = box.x + box.width < at.x;
  if (isLeft) return { ...text, x: box.x + box.width, anchor: "end" };
  return { ...text, x: box.x + box.width / 2, anchor: "middle" };
}

function isFree(box: Box, { boxes, lines }: Obstacles): boolean {
  return (
    !boxes.some((other) => overlap(box, other, 1)) &&
    !lines.some((line) => segmentsOf(line).some(({ a, b }) => overlap(box, lineBox(a, b), 1)))
  );
}

export function segmentsOf(line: Point[]): { a: Point; b: Point; length: number }[] {
  return line.slice(1).flatMap((b, index) => {
    const a = line[index];
    return a ? [{ a, b, length: Math.abs(a.x - b.x) + Math.abs(a.y - b.y) }] : [];
  });
}

export function lineBox(a: Point, b: Point): Box {
  return {
    x: Math.min(a.x, b.x),
    y: Math.min(a.y, b.y),
    width: Math.abs(a.x - b.x),
    height: Math.abs(a.y - b.y),
  };
}

/** @param gap px that must be between them. */
export function overlap(a: Box, b: Box, gap = 0): boolean {
  return (
    a.x < b.x + b.width + gap &&
    b.x < a.x + a.width + gap &&
    a.y < b.y + b.height + gap &&
    b.y < a.y + a.height + gap
  );
}
