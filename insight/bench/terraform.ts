import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findOnPath } from "../../engine/cli";

/** Kinds that this platform has, with such references: Terraform's fastest case, no modules. */
const vpc_id = "${aws_vpc.main.id}";
const name = "service-${count.index}";
const kinds: Record<string, object> = {
  aws_subnet: { vpc_id, cidr_block: "10.10.${count.index}.0/24" },
  aws_route_table: { vpc_id },
  aws_security_group: { vpc_id, name, description: "Benchmark" },
  aws_iam_instance_profile: { name },
  aws_cloudwatch_log_group: { name, retention_in_days: 90 },
  aws_ssm_parameter: { name, type: "String", value: name },
};

/**
 * Prepares `terraform plan` of exactly so many resources. The provider is downloaded once, unless
 * Terraform's own settings (e.g. TF_CLI_ARGS_init) name another source.
 * @throws an Error with the reason, where Terraform can't be used.
 */
export function terraformPlan(
  folder: string,
  count: number,
  region: string,
  env: Record<string, string>,
): () => void {
  const program = findOnPath("terraform");
  if (!program) throw new Error("there is no terraform on PATH");
  const terraform = (...args: string[]): string => {
    const options = { cwd: folder, env, encoding: "utf8" } as const;
    const { status, stdout, stderr } = spawnSync(program, [...args, "-no-color"], options);
    if (status !== 0) throw new Error(`terraform ${args[0]} failed: ${stderr.trim()}`);
    return stdout;
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify(configuration(count, region)));
  if (!existsSync(join(folder, ".terraform", "providers"))) terraform("init", "-input=false");
  return () => {
    const planned = /Plan: (\d+) to add/.exec(
      terraform("plan", "-input=false", "-lock=false"),
    )?.[1];
    if (planned !== String(count)) throw new Error(`terraform planned ${planned}, not ${count}.`);
  };
}

function configuration(count: number, region: string): object {
  const shares = Object.entries(kinds).map(([type, block], index, { length }) => {
    const share = Math.floor((count - 1 + index) / length);
    return [type, { service: { count: share, ...block } }] as const;
  });
  const skipped = { skip_credentials_validation: true, skip_requesting_account_id: true };
  return {
    terraform: { required_providers: { aws: { source: "hashicorp/aws", version: ">= 5.0" } } },
    provider: { aws: { region, skip_metadata_api_check: true, ...skipped } },
    resource: {
      aws_vpc: { main: { cidr_block: "10.10.0.0/16" } },
      ...Object.fromEntries(shares),
    },
  };
}
