import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

type Block = Record<string, unknown>;
type Resources = Record<string, Record<string, Block>>;

/**
 * A Terraform configuration of exactly so many resources, of kinds that this platform has and with
 * the references that such a network has. Plain resources are Terraform's fastest case: its usual
 * modules cost more.
 */
export function terraformConfig(count: number, region: string): Block {
  const resource: Resources = {};
  let left = count;
  const add = (type: string, name: string, block: Block): void => {
    if (left === 0) return;
    (resource[type] ??= {})[name] = block;
    left -= 1;
  };
  const vpc_id = "${aws_vpc.main.id}";
  add("aws_vpc", "main", { cidr_block: "10.10.0.0/16", enable_dns_hostnames: true });
  for (let n = 0; left > 0; n++) addService(add, n, vpc_id);
  return {
    terraform: { required_providers: { aws: { source: "hashicorp/aws", version: ">= 5.0" } } },
    provider: {
      aws: {
        region,
        skip_credentials_validation: true,
        skip_metadata_api_check: true,
        skip_requesting_account_id: true,
      },
    },
    data: { aws_caller_identity: { current: {} } },
    resource,
  };
}

function addService(
  add: (type: string, name: string, block: Block) => void,
  n: number,
  vpc_id: string,
): void {
  const name = `service-${n}`;
  const tags = { Name: name, account: "${data.aws_caller_identity.current.account_id}" };
  add("aws_subnet", name, { vpc_id, cidr_block: `10.10.${n}.0/24`, tags });
  add("aws_route_table", name, { vpc_id, tags });
  add("aws_route_table_association", name, {
    subnet_id: `\${aws_subnet.${name}.id}`,
    route_table_id: `\${aws_route_table.${name}.id}`,
  });
  add("aws_security_group", name, { vpc_id, name, description: "Benchmark", tags });
  for (const port of [443, 1433]) {
    add("aws_vpc_security_group_ingress_rule", `${name}-${port}`, {
      security_group_id: `\${aws_security_group.${name}.id}`,
      cidr_ipv4: "10.10.0.0/16",
      ip_protocol: "tcp",
      from_port: port,
      to_port: port,
    });
  }
  add("aws_iam_role", name, {
    name,
    assume_role_policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } },
      ],
    }),
    tags,
  });
  add("aws_cloudwatch_log_group", name, {
    name: `/benchmark/${name}`,
    retention_in_days: 90,
    tags,
  });
  add("aws_cloudwatch_metric_alarm", name, {
    alarm_name: name,
    namespace: "AWS/EC2",
    metric_name: "CPUUtilization",
    statistic: "Average",
    comparison_operator: "GreaterThanThreshold",
    threshold: 80,
    period: 60,
    evaluation_periods: 5,
    tags,
  });
  add("aws_ssm_parameter", name, { name: `/benchmark/${name}`, type: "String", value: name, tags });
}

/** A prepared Terraform folder; `plan` runs `terraform plan` once and returns its milliseconds. */
export interface Terraform {
  version: string;
  plan(): number;
}

/**
 * Writes the configuration and initializes the folder; the provider is downloaded once, unless
 * Terraform's own settings (e.g. TF_CLI_ARGS_init) name another source.
 * @returns the reason, where Terraform can't be used.
 */
export function prepareTerraform(
  program: string,
  folder: string,
  config: Block,
  env: Record<string, string>,
): Terraform | string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "main.tf.json"), `${JSON.stringify(config, null, 2)}\n`);
  const run = (...args: string[]) =>
    spawnSync(program, args, {
      cwd: folder,
      env: { ...env, TF_IN_AUTOMATION: "1" },
      encoding: "utf8",
    });
  if (!existsSync(join(folder, ".terraform", "providers"))) {
    const init = run("init", "-input=false", "-no-color");
    if (init.status !== 0) return `terraform init failed: ${reason(init.stderr)}`;
  }
  const version = /v(\S+)/.exec(run("version").stdout)?.[1] ?? "unknown";
  const plan = (): number => {
    const started = performance.now();
    const { status, stdout, stderr } = run("plan", "-input=false", "-no-color", "-lock=false");
    const ms = performance.now() - started;
    if (status !== 0) throw new Error(`terraform plan failed: ${reason(stderr)}`);
    const planned = Number(/Plan: (\d+) to add/.exec(stdout)?.[1]);
    const wanted = Object.values(config.resource as Resources).flatMap(Object.keys).length;
    if (planned !== wanted)
      throw new Error(`terraform planned ${planned}, not ${wanted} resources.`);
    return ms;
  };
  return { version, plan };
}

/** The first error of Terraform's boxed messages, in one line. */
function reason(output: string): string {
  const lines = output.split("\n").map((line) => line.replace(/^[╷│╵\s]+/, "").trim());
  const from = lines.findIndex((line) => line.startsWith("Error:"));
  return lines.slice(Math.max(from, 0)).filter(Boolean).slice(0, 3).join(" ");
}
