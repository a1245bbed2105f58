// The allowed arrows between rooms: this file is the picture of the architecture.
// docs/architecture.md draws it. Rooms lie above one another; an arrow never goes up.

/** What each room may import besides itself. Packages are npm's business, not this file's. */
const rooms = {
  // The ground: reading keys, telling problems, stack files, exit codes.
  config: [],
  // What there is to know of each AWS type: plain rows that plans, bills, rights and recovery ask.
  catalogue: ["config"],
  // Code that runs in AWS; bundled, so it stands alone.
  functions: [],
  components: ["functions"],
  stacks: ["config", "components", "functions"],
  index: ["stacks"],
  // A real engine run from here, and what to do when one was killed.
  engine: ["config", "stacks"],
  recovery: ["config", "catalogue", "stacks", "engine"],
  local: ["config", "stacks", "engine", "recovery"],
  insight: ["config", "catalogue", "stacks", "components", "functions", "engine", "local"],
  // A program of its own: of the platform it knows stack files and configs.
  deploy: ["config", "catalogue", "stacks"],
};

const folder = (room) => (room === "index" ? "^index[.]ts$" : `^${room}/`);

module.exports = {
  forbidden: [
    {
      name: "no-circle",
      comment: "Files that need each other cannot be read, tested or moved one at a time.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    ...Object.entries(rooms).map(([room, below]) => ({
      name: `${room}-looks-down`,
      comment: `${room} may import ${below.join(", ") || "nothing else"}: see docs/architecture.md.`,
      severity: "error",
      from: { path: folder(room), pathNot: "^deploy/plannedTypes[.]ts$" },
      to: {
        path: Object.keys(rooms).map(folder).join("|"),
        pathNot: [room, ...below].map(folder).join("|"),
      },
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
