import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../config/stackFiles";
import { placeOf, rooms } from "../../scripts/rooms.cjs";

const file = join(projectRoot, "docs", "architecture.md");
const [opening, closing] = ["```mermaid\n", "```\n"];

describe("docs/architecture.md", () => {
  it("shows the rooms and arrows of scripts/rooms.cjs: UPDATE_GOLDEN=1 draws them anew", () => {
    const text = readFileSync(file, "utf8");
    const from = text.indexOf(opening) + opening.length;
    const to = text.indexOf(closing, from);
    if (process.env.UPDATE_GOLDEN) {
      writeFileSync(file, text.slice(0, from) + drawing() + text.slice(to));
      return;
    }
    assert.equal(text.slice(from, to), drawing());
  });

  it("has rooms that exist", () => {
    for (const room of Object.keys(rooms)) assert.ok(existsSync(join(projectRoot, placeOf(room))));
  });
});

/** An arrow that a longer way says already is left out: what is below the below may be imported. */
function drawing(): string {
  const reach = (room: string): string[] =>
    rooms[room]?.below.flatMap((next) => [next, ...reach(next)]) ?? [];
  const lines = Object.entries(rooms).map(
    ([room, { is }]) => `  ${room}["${placeOf(room)}: ${is}"]`,
  );
  const arrows = Object.entries(rooms).flatMap(([room, { below }]) =>
    below
      .filter((next) => !below.some((other) => other !== next && reach(other).includes(next)))
      .map((next) => `  ${room} --> ${next}`),
  );
  return ["flowchart TD", ...lines, ...arrows, ""].join("\n");
}
