import type * as resourceProto from "@pulumi/pulumi/proto/resource_pb";
import type { ResourceOptions } from "./plan";

/** The options a registration was made with, as the SDK sends them. */
export function readOptions(request: resourceProto.RegisterResourceRequest): ResourceOptions {
  const timeouts = request.getCustomtimeouts();
  const customTimeouts = {
    ...(timeouts?.getCreate() && { create: timeouts.getCreate() }),
    ...(timeouts?.getUpdate() && { update: timeouts.getUpdate() }),
    ...(timeouts?.getDelete() && { delete: timeouts.getDelete() }),
  };
  const hooks = Object.fromEntries(
    Object.entries(request.getHooks()?.toObject() ?? {})
      .filter(([, names]) => names.length > 0)
      .map(([list, names]) => [list.replace(/List$/, ""), names]),
  );
  const propertyDependencies: Record<string, string[]> = {};
  for (const [property, urns] of request.getPropertydependenciesMap().entries()) {
    if (urns.getUrnsList().length > 0) propertyDependencies[property] = urns.getUrnsList();
  }
  const providers: Record<string, string> = {};
  for (const [name, reference] of request.getProvidersMap().entries()) {
    providers[name] = providerUrn(reference);
  }
  return {
    ...(request.hasProtect() && { protect: request.getProtect() }),
    ...(request.hasRetainondelete() && { retainOnDelete: request.getRetainondelete() }),
    ...(request.getDeletebeforereplacedefined() && {
      deleteBeforeReplace: request.getDeletebeforereplace(),
    }),
    ...list("ignoreChanges", request.getIgnorechangesList()),
    ...list("replaceOnChanges", request.getReplaceonchangesList()),
    ...list("additionalSecretOutputs", request.getAdditionalsecretoutputsList()),
    ...list("aliases", request.getAliasesList().map(aliasText)),
    ...(request.getDeletedwith() && { deletedWith: request.getDeletedwith() }),
    ...(request.getImportid() && { import: request.getImportid() }),
    ...(Object.keys(customTimeouts).length > 0 && { customTimeouts }),
    ...(Object.keys(hooks).length > 0 && { hooks }),
    ...(request.getProvider() && { provider: providerUrn(request.getProvider()) }),
    ...(Object.keys(providers).length > 0 && { providers }),
    dependencies: request.getDependenciesList(),
    propertyDependencies,
  };
}

function list(key: keyof ResourceOptions, values: string[]): Partial<ResourceOptions> {
  return values.length > 0 ? { [key]: values } : {};
}

interface AliasMessage {
  getUrn(): string;
  getSpec():
    | { getName(): string; getType(): string; getParenturn(): string; getNoparent(): boolean }
    | undefined;
}

function aliasText(alias: AliasMessage): string {
  const spec = alias.getSpec();
  if (!spec) return alias.getUrn();
  const parts = {
    name: spec.getName(),
    type: spec.getType(),
    parent: spec.getNoparent() ? "none" : spec.getParenturn(),
  };
  return Object.entries(parts)
    .filter(([, value]) => value !== "")
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}

/** A provider reference is `urn::id`. */
export function providerUrn(reference: string): string {
  return reference.split("::").slice(0, 4).join("::");
}
