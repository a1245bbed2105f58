// The rooms of the project and the allowed arrows between them: docs/architecture.md draws this table,
// .dependency-cruiser.cjs holds the code to it, and `npm run lint` looks.

/** Each room: what it is, and what it may import besides itself. An arrow never goes up. */
exports.rooms = {
  index: { is: "the program", below: ["stacks"] },
  deploy: { is: "roles and settings of deployments", below: ["config", "catalogue", "stacks"] },
  insight: {
    is: "a stack before it exists",
    below: ["config", "catalogue", "stacks", "components", "functions", "engine", "local"],
  },
  local: { is: "up:local, down:local", below: ["config", "stacks", "engine", "recovery"] },
  recovery: { is: "what a killed up has made", below: ["config", "catalogue", "stacks", "engine"] },
  engine: { is: "the real engine, driven from here", below: ["config", "stacks"] },
  stacks: { is: "decisions", below: ["config", "components", "functions"] },
  components: { is: "what exists in AWS", below: ["functions"] },
  catalogue: { is: "one row per AWS type", below: ["config", "functions"] },
  functions: { is: "code that runs in AWS", below: [] },
  config: { is: "keys, problems, stack files", below: [] },
};

/** Where a room lies. */
exports.placeOf = (room) => (room === "index" ? "index.ts" : room);
