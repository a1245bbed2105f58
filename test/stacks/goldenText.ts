import { flags, inventory, tree, type TreeNode } from "../../insight/plan/inventory";
import { keyInputs } from "../../insight/plan/keyInputs";
import type { StackPlan } from "../../insight/plan/plan";
import { referrer } from "../../insight/plan/references";

/**
 * The plan as text for a golden file: every resource with its notable options and the inputs that
 * matter, nothing that changes from run to run.
 */
export function goldenText(plan: StackPlan): string {
  const refer = referrer(plan);
  const { total, byComponent } = inventory(plan);
  const lines = [
    `stack ${plan.stack} in ${plan.region}: ${total} resources`,
    ...Object.entries(byComponent).map(([component, n]) => `  ${component}: ${n}`),
    "",
  ];
  const visit = (node: TreeNode, indent: string): void => {
    const { resource } = node;
    const inputs = keyInputs(resource, refer).map(([key, value]) => `${key}=${value}`);
    const marks = flags(resource).map((flag) => `[${flag}]`);
    const head = `${indent}${resource.type} ${resource.name}`;
    lines.push([head, ...marks, ...inputs].join("  "));
    for (const child of node.children) visit(child, `${indent}  `);
  };
  for (const root of tree(plan)) visit(root, "");
  return `${lines.join("\n")}\n`;
}
