import * as pulumi from "@pulumi/pulumi";
import * as resourceProto from "@pulumi/pulumi/proto/resource_pb";
import * as providerProto from "@pulumi/pulumi/proto/provider_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { answerInvoke, mockResource } from "./mocks";
import type { MockContext } from "../../catalogue/answers";
import type { PlannedInvoke, PlannedResource, ResourceOptions, StackOutputs } from "./plan";
import { providerUrn, readOptions } from "./registrationOptions";
import type { Json, JsonObject } from "../../catalogue/json";

// How the SDK marks special values on the wire (`@pulumi/pulumi/runtime/rpc`).
const signature = pulumi.runtime.specialSigKey;
const secretMark = pulumi.runtime.specialSecretSig;
const resourceMark = pulumi.runtime.specialResourceSig;
const assetMark = pulumi.runtime.specialAssetSig;
const archiveMark = pulumi.runtime.specialArchiveSig;

/** A recorded registration, before the plan adds paths and components. */
export type Registration = Omit<PlannedResource, "path" | "component" | "expanded">;

type Callback<T> = (error: Error | null, response?: T) => void;

const stackType = "pulumi:pulumi:Stack";

/**
 * Stands in for the engine: answers every registration with believable outputs and keeps it, with
 * the options it was made with. Written against the wire interface of the SDK's own mock monitor
 * (`@pulumi/pulumi/runtime/mocks`), which hides the options and shortens the URNs.
 */
export class RecordingMonitor {
  readonly registrations: Registration[] = [];
  readonly invokes: PlannedInvoke[] = [];
  private readonly byUrn = new Map<string, { id: string; state: JsonObject }>();
  private readonly regionOfProvider = new Map<string, string>();
  private readonly parentTypes = new Map<string, string>();
  private readonly componentProviders = new Map<string, Record<string, string>>();

  constructor(
    private readonly project: string,
    private readonly stack: string,
    private readonly region: string,
    private readonly stackOutputs: StackOutputs,
  ) {}

  registerResource(
    request: resourceProto.RegisterResourceRequest,
    callback: Callback<resourceProto.RegisterResourceResponse>,
  ): void {
    answer(callback, () => {
      const type = request.getType();
      const name = request.getName();
      const wire = request.getObject()?.toJavaScript() ?? {};
      const inputs = plain(wire) as JsonObject;
      const urn = this.urnOf(request.getParent(), type, name);
      const context = this.context(request.getProvider(), type, name, urn, inputs);
      const mock = request.getCustom() || request.getRemote() ? mockResource(context) : undefined;
      const outputs: JsonObject = { ...inputs, ...mock?.outputs };
      if (type !== stackType) {
        this.registrations.push({
          urn,
          type,
          name,
          id: mock?.id ?? "",
          ...(this.parentTypes.has(request.getParent()) && { parent: request.getParent() }),
          custom: request.getCustom(),
          remote: request.getRemote(),
          inputs,
          outputs,
          options: this.optionsOf(urn, request),
        });
      }
      if (type === "pulumi:providers:aws") {
        this.regionOfProvider.set(urn, stringOr(inputs.region, this.region));
      }
      this.byUrn.set(urn, { id: mock?.id ?? "", state: outputs });
      const response = new resourceProto.RegisterResourceResponse();
      response.setUrn(urn);
      response.setId(mock?.id ?? "");
      response.setObject(Struct.fromJavaScript({ ...wire, ...toWire(mock?.outputs ?? {}) }));
      return response;
    });
  }

  readResource(
    request: resourceProto.ReadResourceRequest,
    callback: Callback<resourceProto.ReadResourceResponse>,
  ): void {
    answer(callback, () => {
      const type = request.getType();
      const name = request.getName();
      const inputs = plain(request.getProperties()?.toJavaScript() ?? {}) as JsonObject;
      const urn = this.urnOf(request.getParent(), type, name);
      const context = this.context(request.getProvider(), type, name, urn, inputs);
      const state = { ...inputs, ...mockResource(context).outputs };
      this.byUrn.set(urn, { id: request.getId(), state });
      const response = new resourceProto.ReadResourceResponse();
      response.setUrn(urn);
      response.setProperties(Struct.fromJavaScript(toWire(state)));
      return response;
    });
  }

  invoke(
    request: resourceProto.ResourceInvokeRequest,
    callback: Callback<providerProto.InvokeResponse>,
  ): void {
    answer(callback, () => {
      const token = request.getTok();
      const inputs = plain(request.getArgs()?.toJavaScript() ?? {}) as JsonObject;
      const result =
        token === "pulumi:pulumi:getResource"
          ? this.getResource(inputs)
          : this.record(token, inputs, request.getProvider());
      const response = new providerProto.InvokeResponse();
      response.setReturn(Struct.fromJavaScript(toWire(result)));
      return response;
    });
  }

  registerResourceOutputs(
    _request: resourceProto.RegisterResourceOutputsRequest,
    callback: Callback<object>,
  ): void {
    callback(null, {});
  }

  /** Hooks run at a real deployment only. */
  registerResourceHook(
    _request: resourceProto.RegisterResourceHookRequest,
    callback: Callback<object>,
  ): void {
    callback(null, {});
  }

  supportsFeature(
    request: resourceProto.SupportsFeatureRequest,
    callback: Callback<{ getHassupport(): boolean }>,
  ): void {
    // Output values and engine-side transforms need the engine's own protocol; the rest is data.
    const without = ["outputValues", "transforms", "invokeTransforms"];
    callback(null, { getHassupport: () => !without.includes(request.getId()) });
  }

  registerPackage(
    _request: resourceProto.RegisterPackageRequest,
    callback: Callback<resourceProto.RegisterPackageResponse>,
  ): void {
    const response = new resourceProto.RegisterPackageResponse();
    response.setRef("offline");
    callback(null, response);
  }

  /** The URN as the engine builds it: types of all ancestors, the stack itself left out. */
  private urnOf(parent: string, type: string, name: string): string {
    const ancestors = this.parentTypes.get(parent);
    const qualified = ancestors ? `${ancestors}$${type}` : type;
    const urn = `urn:pulumi:${this.stack}::${this.project}::${qualified}::${name}`;
    if (type !== stackType) this.parentTypes.set(urn, qualified);
    return urn;
  }

  /**
   * A component also has the providers of the component above it. The program sends only what it
   * was given itself; the engine adds the rest (`source_eval.go`, componentProviders).
   */
  private optionsOf(urn: string, request: resourceProto.RegisterResourceRequest): ResourceOptions {
    const options = readOptions(request);
    if (request.getCustom()) return options;
    const inherited = this.componentProviders.get(request.getParent());
    const providers = { ...inherited, ...options.providers };
    if (Object.keys(providers).length === 0) return options;
    this.componentProviders.set(urn, providers);
    return { ...options, providers };
  }

  private context(
    provider: string,
    type: string,
    name: string,
    urn: string,
    inputs: JsonObject,
  ): MockContext {
    const explicit = this.regionOfProvider.get(providerUrn(provider));
    const region = stringOr(inputs.region, explicit ?? this.region);
    return { type, name, urn, inputs, region };
  }

  private getResource(inputs: JsonObject): JsonObject {
    const urn = stringOr(inputs.urn, "");
    const found = this.byUrn.get(urn);
    if (!found) throw new Error(`The plan has no resource ${urn}.`);
    return { urn, id: found.id, state: found.state };
  }

  /** In the engine's own words for a stack that does not exist. */
  private readStackOutputs(inputs: JsonObject): JsonObject {
    const name = stringOr(inputs.name, "");
    const outputs = this.stackOutputs(name);
    if (!outputs) throw new Error(`unknown stack "${name}"`);
    return { name, outputs, secretOutputNames: [] };
  }

  private record(token: string, inputs: JsonObject, provider: string): JsonObject {
    const context = this.context(provider, token, "", "", inputs);
    const result =
      token === "pulumi:pulumi:readStackOutputs"
        ? this.readStackOutputs(inputs)
        : answerInvoke(context);
    this.invokes.push({ token, inputs, result });
    return result;
  }
}

/** Errors reach the SDK as gRPC errors, whose text it takes from `details`. */
function answer<T>(callback: Callback<T>, compute: () => T): void {
  let response: T;
  try {
    response = compute();
  } catch (error) {
    const known = error instanceof Error ? error : new Error(String(error));
    callback(Object.assign(known, { details: known.message }));
    return;
  }
  callback(null, response);
}

function stringOr(value: Json | undefined, otherwise: string): string {
  return typeof value === "string" && value !== "" ? value : otherwise;
}

/** The wire form as plain JSON: secrets marked, resources by id, assets by what they hold. */
function plain(value: unknown): Json {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return (value ?? null) as Json;
  const record = value as Record<string, unknown>;
  switch (record[signature]) {
    case undefined:
      break;
    case secretMark:
      return { $secret: plain(record.value) };
    case resourceMark:
      return plain(record.id ?? record.urn);
    case assetMark:
    case archiveMark: {
      const { [signature]: kind, ...content } = record;
      return { [kind === assetMark ? "$asset" : "$archive"]: plain(content) };
    }
  }
  const result: JsonObject = {};
  for (const key of Object.keys(record)) result[key] = plain(record[key]);
  return result;
}

/** Plain JSON back in wire form, so that a secret stays a secret in what depends on it. */
function toWire(value: JsonObject): Record<string, never> {
  return wireValue(value) as Record<string, never>;
}

function wireValue(value: Json): Json {
  if (Array.isArray(value)) return value.map(wireValue);
  if (typeof value !== "object" || value === null) return value;
  if ("$secret" in value)
    return { [signature]: secretMark, value: wireValue(value.$secret ?? null) };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, wireValue(item)]));
}
