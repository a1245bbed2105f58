// Holds the arrows of scripts/rooms.cjs. What a room imports of npm is not this file's business.
const { placeOf, rooms } = require("./scripts/rooms.cjs");

const files = (room) => `^${placeOf(room).replace(".", "[.]")}(/|$)`;
const all = Object.keys(rooms).map(files).join("|");

module.exports = {
  forbidden: [
    {
      name: "no-circle",
      comment: "Files that need each other cannot be read, tested or moved one at a time.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    ...Object.entries(rooms).map(([room, { below }]) => ({
      name: `${room}-looks-down`,
      comment: `${room} may import ${below.join(", ") || "no other room"}: docs/architecture.md.`,
      severity: "error",
      // What a deployment's role may do follows from the resources of the plan.
      from: { path: files(room), pathNot: "^deploy/plannedTypes[.]ts$" },
      to: { path: all, pathNot: [room, ...below].map(files).join("|") },
    })),
    {
      name: "no-tests",
      comment: "Nothing that ships needs a test.",
      severity: "error",
      from: { pathNot: "^test/" },
      to: { path: "^test/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^([.]build|[.]local)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
  },
};
