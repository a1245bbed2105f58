import { cac } from "cac";
import { runSteps, type Step } from "../../../local/steps";
import { projectRoot } from "../../../config/stackFiles";
import { awsBaseUrl } from "./download";
import { checkRegions, planRefresh, regionsInUse } from "./refresh";
import { renderChanges } from "./renderChanges";
import { UserError } from "../../../config/mistake";

/** Options of the command, as cac hands them over. */
interface Flags {
  region?: string | string[];
  dryRun?: boolean;
  json?: boolean;
  help?: boolean;
  "--": string[];
}

const flagNames = ["region", "dryRun", "json", "help", "--"];

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
  const cli = cac("npm run prices:refresh --");
  cli
    .command("", "Rebuild insight/prices from AWS's public price list. Needs the internet.")
    .option(
      "--region <region>",
      "Only this region (repeat it for more; default: those of the stacks)",
    )
    .option("--dry-run", "Show what would change, and write nothing")
    .option("--json", "Print the changes as JSON")
    .example("npm run prices:refresh -- --dry-run")
    .example("npm run prices:refresh -- --region eu-west-1");
  cli.help();
  try {
    const { args, options } = cli.parse(argv, { run: false });
    const flags = options as Flags;
    if (flags.help) return 0;
    const unknown = Object.keys(flags).find((key) => !flagNames.includes(key));
    if (unknown) throw new UserError(`There is no option ${dashed(unknown)}: see --help.`);
    if (args.length > 0) {
      throw new UserError(`${args.join(" ")} means nothing here: regions are named with --region.`);
    }
    await refresh(flags, root, baseUrl);
    return 0;
  } catch (error) {
    const isMistake = error instanceof UserError;
    console.error(isMistake && !process.env.PE_DEBUG ? error.message : error);
    if (isMistake) console.error("The price table is as it was.");
    return 1;
  }
}

async function refresh(flags: Flags, root: string, baseUrl: string): Promise<void> {
  const named = [flags.region ?? []].flat().flatMap((text) => String(text).split(","));
  const regions = checkRegions(named.length > 0 ? named : regionsInUse(root));
  const { steps, finish } = planRefresh({
    ...{ root, regions, connection: { baseUrl }, dryRun: flags.dryRun },
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
  const written = !flags.dryRun;
  console.log(
    flags.json ? JSON.stringify({ written, changes }, null, 2) : renderChanges(changes, written),
  );
}

function dashed(flag: string): string {
  return `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
