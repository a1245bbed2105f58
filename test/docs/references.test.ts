import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { projectRoot } from "../../config/stackFiles";

const read = (file: string): string => readFileSync(join(projectRoot, file), "utf8");
const tracked = execFileSync("git", ["ls-files"], { cwd: projectRoot, encoding: "utf8" })
  .trim()
  .split("\n")
  .filter((file) => existsSync(join(projectRoot, file)));
const pages = tracked.filter((file) => file.endsWith(".md"));
const folders = new Set(tracked.map((file) => file.split("/")[0] ?? ""));
/** A file that a user may write. */
const optional = ["assumptions/availability.yaml"];
/** Pages about the past name what was there. */
const ofToday = pages.filter((page) => !/^(CHANGELOG|docs\/(decisions\/|upgrading))/.test(page));

describe("the Markdown pages", () => {
  it("link to files and headings that exist", () => {
    const broken = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g)]
        .filter(([, path = "", anchor]) => {
          const target = path === "" ? page : normalize(join(dirname(page), path));
          if (!existsSync(join(projectRoot, target))) return true;
          return anchor !== undefined && !anchors(target).includes(anchor);
        })
        .map(([link]) => `${page}: ${link}`),
    );
    assert.deepEqual(broken, []);
  });

  it("name files of the project that exist", () => {
    const missing = ofToday.flatMap((page) =>
      [...read(page).matchAll(/`([\w.-]+(?:\/[\w.-]+)*\/?)`/g)]
        .map(([, path = ""]) => path)
        .filter((path) => path.includes("/") && folders.has(path.split("/")[0] ?? ""))
        .filter((path) => !optional.includes(path) && !existsSync(join(projectRoot, path)))
        .map((path) => `${page}: ${path}`),
    );
    assert.deepEqual(missing, []);
  });

  it("name commands that package.json has", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const unknown = ofToday.flatMap((page) =>
      [...read(page).matchAll(/\bnpm run (?:-s )?([a-z][\w:-]*)/g)]
        .filter(([, name = ""]) => !(name in scripts))
        .map(([command]) => `${page}: ${command}`),
    );
    assert.deepEqual(unknown, []);
  });
});

/** The anchors that GitHub gives a page's headings. */
function anchors(page: string): string[] {
  return [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-"),
  );
}
