import { readArguments } from "../../../config/commandLine";
import { runSteps, type Step } from "../../../local/steps";
import { projectRoot } from "../../../config/stackFiles";
import { awsBaseUrl } from "./download";
import { checkRegions, planRefresh, regionsInUse } from "./refresh";
import { renderChanges } from "./renderChanges";
import { UserError } from "../../../config/mistake";

const line = {
  name: "npm run prices:refresh --",
  about: "Rebuild insight/prices from AWS's public price list. Needs the internet.",
  options: {
    region: {
      value: "region",
      many: true,
      text: "Only this region (repeat it for more; default: those of the stacks)",
    },
    "dry-run": { text: "Show what would change, and write nothing" },
    json: { text: "Print the changes as JSON" },
  },
  examples: ["npm run prices:refresh -- --dry-run", "npm run prices:refresh -- --region eu-west-1"],
} as const;

interface Flags {
  region?: string[];
  "dry-run"?: boolean;
  json?: boolean;
}

/**
 * Rebuilds the price table from AWS's price list.
 * @param baseUrl of the server with the list's files.
 * @returns the exit code: 0, or 1 with a sentence on stderr and the table untouched.
 */
export async function refreshPrices(
  argv: string[],
  root = projectRoot,
  baseUrl = awsBaseUrl,
): Promise<number> {
  try {
    const read = readArguments(line, argv);
    if (read) await refresh(read.options, root, baseUrl);
    return 0;
  } catch (error) {
    const isMistake = error instanceof UserError;
    console.error(isMistake && !process.env.PE_DEBUG ? error.message : error);
    if (isMistake) console.error("The price table is as it was.");
    return 1;
  }
}

async function refresh(flags: Flags, root: string, baseUrl: string): Promise<void> {
  const named = (flags.region ?? []).flatMap((text) => text.split(","));
  const regions = checkRegions(named.length > 0 ? named : regionsInUse(root));
  const { steps, finish } = planRefresh({
    ...{ root, regions, connection: { baseUrl }, dryRun: flags["dry-run"] },
  });
  const shown: Step[] = steps.map(({ title, run }) => ({
    title,
    run: async ({ status }) => {
      const { rows, offers, ambiguous } = await run(status);
      const doubt = ambiguous.length > 0 ? `, ${ambiguous.length} not clear` : "";
      return `${rows.length} prices of ${offers.toLocaleString("en")} offers${doubt}`;
    },
  }));
  await runSteps(shown, flags.json === true);
  const changes = finish();
  const written = !flags["dry-run"];
  console.log(
    flags.json ? JSON.stringify({ written, changes }, null, 2) : renderChanges(changes, written),
  );
}
