import assert from "node:assert/strict";
import fc from "fast-check";
import { describeStack, type StackReport } from "../../../insight/figures/report";
import { pngOf, svgFile } from "../../../insight/report/picture";
import { lineBox, overlap, segmentsOf } from "../../../insight/report/topology/labels";
import { layoutOf, nodeTexts, type Layout } from "../../../insight/report/topology/layout";
import { topology } from "../../../insight/report/topology/model";
import type { Topology } from "../../../insight/report/topology/types";
import { readStack } from "../../../config/stackFiles";
import { topologySvg } from "../../../insight/report/topology/svg";
import { textBox, textWidth, type Box } from "../../../insight/report/topology/text";
import { validRawConfig } from "../../stacks/config/validConfig";
import { runs } from "../../support/runs";
import {
  directConnect,
  prodWith,
  setting,
  stackWith,
  transitGateway,
  twoWay,
  within,
} from "./topologyCases";

const cases: Record<string, () => Promise<StackReport[]>> = {
  prod: () => prodWith(),
  "cost-saver": async () => [await stackWith("cost-saver")],
  "a transit gateway": () => prodWith(transitGateway),
  "Direct Connect": async () => [await stackWith("prod-east", directConnect)],
  "one region in use": () => prodWith(setting({ regionCount: 1 })),
  "two zones": () => prodWith(setting({ azCount: 2 })),
  "one zone": () => prodWith(setting({ azCount: 1 })),
  "unequal regions": async () => [
    await stackWith("prod-east"),
    await stackWith("prod-west", setting({ azCount: 1 })),
  ],
  "the other writer": () => prodWith(within("replication", { writer: "us-west-2" })),
  "both writers": () => prodWith(twoWay),
  "long names": () =>
    prodWith((config) => {
      const big = within("web", {
        instanceType: "m7i-flex.8xlarge",
        instancesPerAz: { min: 10, max: 20 },
      })(config);
      return within("database", {
        edition: "enterprise",
        instanceClass: "db.x2iedn.16xlarge",
        storageGiB: 12_000,
        maxStorageGiB: 16_000,
        iops: 16_000,
      })(big);
    }),
  "no NAT": () => prodWith((config) => within("network", { natGateways: "none" })(config)),
  "no replication": () => prodWith(within("replication", { mode: "none" })),
  "no region read": async () => [await stackWith("prod-west", setting({ regionCount: 1 }))],
};

function isInside(inner: Box, outer: Box): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

function pairs<T>(items: T[]): [T, T][] {
  return items.flatMap((a, index) => items.slice(index + 1).map((b): [T, T] => [a, b]));
}

// PE_SEED=<seed> draws the same configs again.
const seed = Number(process.env.PE_SEED ?? Date.now() % 2 ** 31);
const samples = runs(30, 8);

describe(`layout of the architecture picture (seed ${seed})`, function () {
  this.timeout(60_000);
  const graphs = new Map<string, Topology>();
  const layouts = new Map<string, Layout>();
  const drawn = fc.sample(validRawConfig(), { seed, numRuns: samples });
  before(async () => {
    for (const [name, reports] of Object.entries(cases))
      graphs.set(name, topology(await reports()));
    for (const [index, { stack, raw }] of drawn.entries()) {
      graphs.set(`config ${index}`, topology([await describeStack(stack, raw)]));
    }
    for (const [name, graph] of graphs) layouts.set(name, await layoutOf(graph));
  });
  const each = (check: (layout: Layout, name: string) => void): void => {
    for (const [name, layout] of layouts) check(layout, name);
  };

  it("gives every node a place, and every edge a way", () => {
    each(({ nodes, edges }, name) => {
      const graph = graphs.get(name)!;
      assert.deepEqual(
        nodes.map(({ node }) => node.id),
        graph.nodes.map(({ id }) => id),
        name,
      );
      assert.equal(edges.length, graph.edges.length, name);
    });
  });

  it("lets no two cards overlap, servers stand inside their fleet", () => {
    each(({ nodes }, name) => {
      for (const [a, b] of pairs(nodes)) {
        if (a.node.parent === b.node.id) assert.ok(isInside(a.box, b.box), `${name}: ${a.node.id}`);
        else if (b.node.parent === a.node.id) assert.ok(isInside(b.box, a.box), b.node.id);
        else assert.ok(!overlap(a.box, b.box), `${name}: ${a.node.id} over ${b.node.id}`);
      }
    });
  });

  it("keeps every area inside the one around it, and areas of a kind apart", () => {
    each(({ areas, width, height }, name) => {
      for (const area of areas) {
        const around = areas.find(({ id }) => id === area.parent);
        assert.equal(around === undefined, area.parent === undefined, area.id);
        const picture = { x: 0, y: 0, width, height };
        assert.ok(isInside(area.box, around?.box ?? picture), `${name}: ${area.id}`);
      }
      for (const [a, b] of pairs(areas)) {
        if (a.kind === b.kind) assert.ok(!overlap(a.box, b.box), `${name}: ${a.id} ${b.id}`);
      }
    });
  });

  it("puts what runs in a zone into its subnets, and the rest of a region into the region", () => {
    each(({ nodes, areas }, name) => {
      for (const { node, box } of nodes) {
        const region = areas.find(({ id }) => id === node.region);
        if (region) assert.ok(isInside(box, region.box), `${name}: ${node.id}`);
        const inSide = node.kind === "endpoints" || node.kind === "replication";
        if (node.subnet) {
          const band = areas.find(({ id }) => id === `${node.region}/${node.subnet}`);
          assert.ok(band && isInside(box, band.box), `${name}: ${node.id} in ${node.subnet}`);
        }
        for (const zone of inSide ? [] : (node.zones ?? [])) {
          const subnet = areas.find(({ id }) => id === `${node.region}/${node.subnet}/${zone}`);
          assert.ok(subnet && overlap(box, subnet.box), `${name}: ${node.id} in ${zone}`);
          if (node.zones?.length === 1) assert.ok(isInside(box, subnet.box), node.id);
        }
      }
    });
  });

  it("aligns a zone's cards over all tiers, and the tiers over both regions", () => {
    each(({ nodes }, name) => {
      for (const [a, b] of pairs(nodes)) {
        const role = (id: string): string => id.split("/")[1] ?? id;
        const sameZone = a.node.zones?.length === 1 && a.node.zones[0] === b.node.zones?.[0];
        if (a.node.kind === b.node.kind && sameZone && b.node.zones?.length === 1) {
          assert.equal(a.box.x, b.box.x, `${name}: ${a.node.id} ${b.node.id}`);
        }
        const isTier = a.node.subnet !== undefined && role(a.node.id) === role(b.node.id);
        if (isTier) assert.equal(a.box.y, b.box.y, `${name}: ${a.node.id} ${b.node.id}`);
      }
    });
  });

  it("draws lines at right angles, from card to card, across no other card", () => {
    each(({ nodes, edges }, name) => {
      for (const { edge, parts } of edges) {
        const ends = [edge.from, edge.to].map((id) => nodes.find(({ node }) => node.id === id)!);
        const near = new Set(ends.flatMap(({ node }) => [node.id, node.parent]));
        for (const { a, b } of parts.flatMap(segmentsOf)) {
          assert.ok(a.x === b.x || a.y === b.y, `${name}: ${edge.id} is slanted`);
          for (const { node, box } of nodes) {
            if (near.has(node.id) || near.has(node.parent)) continue;
            assert.ok(!overlap(lineBox(a, b), box), `${name}: ${edge.id} crosses ${node.id}`);
          }
        }
      }
    });
  });

  it("keeps labels off cards, lines, titles and each other", () => {
    each(({ nodes, edges, areas, heading, width, height }, name) => {
      const labels = edges.flatMap(({ label }) => (label ? [label] : []));
      const texts = [...areas.flatMap((area) => area.texts), ...heading].map(textBox);
      const lines = edges.flatMap(({ parts }) => parts.flatMap(segmentsOf));
      for (const { box, text } of labels) {
        const where = `${name}: ${text.text} at ${box.x}, ${box.y}`;
        assert.ok(isInside(box, { x: 0, y: 0, width, height }), where);
        for (const other of nodes) assert.ok(!overlap(box, other.box), `${where} ${other.node.id}`);
        for (const other of texts) assert.ok(!overlap(box, other), where);
        for (const { a, b } of lines) assert.ok(!overlap(box, lineBox(a, b)), where);
      }
      for (const [a, b] of pairs(labels)) assert.ok(!overlap(a.box, b.box), name);
    });
  });

  it("labels every kind of hop at least once, in every region", () => {
    each(({ edges }, name) => {
      const unlabelled = edges.filter(
        ({ edge, label }) =>
          !label &&
          edge.kind === "request" &&
          !edges.some(
            (other) =>
              other.label &&
              other.edge.label === edge.label &&
              other.edge.to.split("/")[0] === edge.to.split("/")[0],
          ),
      );
      assert.deepEqual(
        unlabelled.map(({ edge }) => edge.id),
        [],
        name,
      );
    });
  });

  it("fits every text into its card, and cards' texts don't overlap", () => {
    each(({ nodes }, name) => {
      for (const placed of nodes) {
        const texts = nodeTexts(placed).map((text) => ({ text, box: textBox(text) }));
        for (const { text, box } of texts) {
          assert.ok(isInside(box, placed.box), `${name}: "${text.text}" in ${placed.node.id}`);
        }
        for (const [a, b] of pairs(texts)) assert.ok(!overlap(a.box, b.box), placed.node.id);
      }
    });
  });

  it("fits the areas' titles, the heading and the legend into the picture", () => {
    each(({ areas, heading, legend, nodes, width, height }, name) => {
      const titles = areas.flatMap((area) => area.texts.map((text) => ({ text, area })));
      for (const { text, area } of titles) {
        assert.ok(isInside(textBox(text), area.box), `${name}: "${text.text}" in ${area.id}`);
        for (const { node, box } of nodes) {
          assert.ok(!overlap(textBox(text), box), `${name}: "${text.text}" under ${node.id}`);
        }
      }
      for (const [a, b] of pairs(titles)) {
        assert.ok(!overlap(textBox(a.text), textBox(b.text)), `${a.text.text} ${b.text.text}`);
      }
      const loose = [...heading, ...legend.notes, ...legend.samples.map(({ text }) => text)];
      for (const text of loose) {
        assert.ok(isInside(textBox(text), { x: 0, y: 0, width, height }), `${name}: ${text.text}`);
      }
    });
  });

  it("is at most 1500 px wide for the stacks as they are", () => {
    for (const name of ["prod", "cost-saver"]) {
      const width = layouts.get(name)?.width ?? Infinity;
      assert.ok(width <= 1500, `${name}: ${width}`);
    }
  });
});

describe("the architecture picture as SVG", () => {
  let reports: StackReport[];
  let svg: string;
  before(async () => {
    reports = await prodWith();
    svg = await topologySvg(reports);
  });

  it("is the same for the same input, and other ids for another", async () => {
    const raws = ["prod-east", "prod-west"].map((stack) => ({ stack, ...readStack(stack) }));
    const twice = [0, 1].map(async () => {
      const all: StackReport[] = [];
      for (const { stack, raw } of raws) all.push(await describeStack(stack, raw));
      return topologySvg(all);
    });
    const [once, again] = await Promise.all(twice);
    assert.equal(again, once);
    const other = await topologySvg(await prodWith(setting({ azCount: 2 })));
    const id = (text: string): string => /id="([\w-]+)"/.exec(text)?.[1] ?? "";
    assert.notEqual(id(other), id(svg));
    assert.match(await topologySvg(reports, { id: "mine" }), /^<svg[^>]* id="mine"/);
  });

  it("has a role, a title and a description, and each id once", () => {
    const [, labelled = ""] = /aria-labelledby="([^"]+)"/.exec(svg) ?? [];
    assert.match(svg, /^<svg[^>]* role="img"/);
    for (const id of labelled.split(" ")) assert.ok(svg.includes(` id="${id}">`), id);
    const [first = ""] = labelled.split("-title");
    const all = [...svg.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id ?? "");
    assert.equal(new Set(all).size, all.length);
    for (const id of all) assert.ok(id.startsWith(first), `${id} has not the picture's prefix`);
  });

  it("refers to nothing outside of itself, and styles nothing outside of itself", () => {
    const targets = [...svg.matchAll(/(?:href|src)="|url\(([^)]*)\)|@import/g)];
    for (const [whole, target] of targets) assert.match(target ?? whole, /^#/);
    const [, css = ""] = /<style>([^]*?)<\/style>/.exec(svg) ?? [];
    for (const rule of css.split("\n")) assert.match(rule, /^#topology-[0-9a-f]+ /);
  });

  it("has text of 12 px and more", () => {
    const sizes = [...svg.matchAll(/font-size:([\d.]+)px/g)].map(([, size]) => Number(size));
    assert.ok(sizes.length >= 4 && Math.min(...sizes) >= 12, String(sizes));
  });

  it("escapes what comes from the config", async () => {
    const [report] = [await stackWith("cost-saver")];
    const hostile = { ...report.config, domain: `<script>"&` };
    const drawn = await topologySvg([{ ...report, config: hostile }]);
    assert.ok(!drawn.includes("<script>") && drawn.includes("&lt;script&gt;&quot;&amp;"));
  });

  it("becomes a file with light and dark colours", () => {
    const file = svgFile(svg);
    assert.match(file, /^<\?xml/);
    assert.match(file, /prefers-color-scheme: dark/);
    assert.ok(file.indexOf("--topology-ink:") < file.indexOf("<title"));
  });

  it("becomes a PNG of the width asked for, with its colours", async function () {
    let png: Buffer;
    try {
      png = await pngOf(svg, 400);
    } catch (error) {
      assert.match((error as Error).message, /This machine has no fonts/);
      return this.skip();
    }
    assert.equal(png.subarray(1, 4).toString(), "PNG");
    assert.equal(png.readUInt32BE(16), 400);
  });

  it("says so where there are no fonts", async () => {
    await assert.rejects(pngOf(svg, 400, { loadSystemFonts: false }), /has no fonts/);
  });

  it("estimates text a little wider than it is in a wide font", () => {
    // Widths in DejaVu Sans (Bold for titles), by Chromium's measureText.
    for (const [text, kind, width] of [
      ["db.r6i.xlarge", "line", 76.3],
      ["10.10.168.0/21", "line", 91.8],
      ["secretsmanager", "line", 97.2],
      ["health: HTTPS /healthz", "line", 136.3],
      ["jump WWW", "line", 69.7],
      ["Web load balancer", "title", 136.0],
      ["m7i-flex.8xlarge", "title", 119.4],
      ["1433 TLS", "label", 62.1],
      ["platform.example.com", "head", 190.9],
    ] as const) {
      const estimate = textWidth(text, kind);
      assert.ok(estimate >= width && estimate <= 1.15 * width, `${text}: ${estimate}`);
    }
  });
});
