import { Certificate } from "@pulumi/aws/acm/certificate";
import { CertificateValidation } from "@pulumi/aws/acm/certificateValidation";
import { Record } from "@pulumi/aws/route53/record";
import { Zone } from "@pulumi/aws/route53/zone";
import { ZoneAssociation } from "@pulumi/aws/route53/zoneAssociation";
import { output, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import { PlatformComponent } from "../base/platformComponent";

export interface GlobalDnsArgs {
  region: string;
  /** The installation's name, e.g. "platform.example.com". */
  domain: string;
  /** Id of the zone that holds `domain`; absent: this stack creates and owns it. */
  hostedZoneId?: Input<string>;
  /** Set for a private installation: the zone answers only inside this VPC and its partners. */
  privateVpcId?: Input<string>;
  /** A certificate of yours for all names below; absent: one is requested and validated by DNS. */
  certificateArn?: string;
  /**
   * True in the stack that owns what the regions share. All regions' certificates prove `domain`
   * by the same DNS record, so one stack must own it or the regions would delete it from each other.
   */
  ownsSharedRecords: boolean;
  /** Keeps the zone: its loss takes every name of the installation down. */
  protect: boolean;
}

/**
 * The installation's names: the zone, created or adopted; this region's certificate for
 * `domain`, `<region>.<domain>` and `app.<region>.<domain>`. The region's own records are a
 * RegionalEntry, made once its load balancer stands.
 *
 * Cost: 0.50 USD/month per zone (Amazon Route 53 Pricing); certificates are free.
 */
export class GlobalDns extends PlatformComponent {
  readonly hostedZoneId: Output<string>;
  /** Of a zone that this stack created: what the parent domain must delegate to. */
  readonly nameServers?: Output<string[]>;
  /** Of the validated certificate. */
  readonly certificateArn: Output<string>;

  constructor(name: string, args: GlobalDnsArgs, opts?: ComponentResourceOptions) {
    super("GlobalDns", name, opts);
    if (args.hostedZoneId === undefined) {
      const zone = this.createZone(name, args);
      this.hostedZoneId = zone.zoneId;
      this.nameServers = zone.nameServers;
    } else {
      this.hostedZoneId = output(args.hostedZoneId);
      if (args.privateVpcId) {
        const { hostedZoneId: zoneId } = this;
        new ZoneAssociation(name, { zoneId, vpcId: args.privateVpcId }, { parent: this });
      }
    }
    this.certificateArn = args.certificateArn
      ? output(args.certificateArn)
      : this.certificate(name, args);
    this.registerOutputs();
  }

  private createZone(name: string, args: GlobalDnsArgs): Zone {
    return new Zone(
      name,
      {
        name: args.domain,
        comment: "Names of the platform",
        forceDestroy: !args.protect,
        ...(args.privateVpcId ? { vpcs: [{ vpcId: args.privateVpcId }] } : {}),
        tags: this.tags("public"),
      },
      // The other region's VPC joins from its own stack; without this, each `up` would throw it out.
      { parent: this, protect: args.protect, ignoreChanges: ["vpcs"] },
    );
  }

  private certificate(name: string, args: GlobalDnsArgs): Output<string> {
    const { shared, own } = certificateNames(args.domain, args.region);
    const certificate = new Certificate(
      name,
      {
        domainName: shared,
        subjectAlternativeNames: own.map(({ fqdn }) => fqdn),
        validationMethod: "DNS",
        tags: this.tags("public"),
      },
      { parent: this },
    );
    const names = [...(args.ownsSharedRecords ? [{ role: "domain", fqdn: shared }] : []), ...own];
    const records = names.map(({ role, fqdn }) => {
      const option = certificate.domainValidationOptions.apply((offered) =>
        validationRecord(fqdn, offered),
      );
      return new Record(
        `${name}-validate-${role}`,
        {
          zoneId: this.hostedZoneId,
          name: option.resourceRecordName,
          type: option.resourceRecordType,
          records: [option.resourceRecordValue],
          ttl: 300,
        },
        { parent: this },
      );
    });
    return new CertificateValidation(
      name,
      { certificateArn: certificate.arn },
      { parent: this, dependsOn: records },
    ).certificateArn;
  }
}

interface ValidationRecord {
  domainName: string;
  resourceRecordName: string;
  resourceRecordType: string;
  resourceRecordValue: string;
}

/** `offered` is undefined where `--target` leaves a certificate out that does not exist yet. */
function validationRecord(fqdn: string, offered?: ValidationRecord[]): ValidationRecord {
  const found = offered?.find(({ domainName }) => domainName === fqdn);
  if (offered && !found) throw new Error(`ACM offers no validation record for ${fqdn}.`);
  const left = { resourceRecordName: "", resourceRecordType: "", resourceRecordValue: "" };
  return found ?? { domainName: fqdn, ...left };
}

/** Names on a region's certificate; the user's own certificate must cover the same. */
function certificateNames(domain: string, region: string) {
  return {
    shared: domain,
    own: [
      { role: "region", fqdn: `${region}.${domain}` },
      { role: "app", fqdn: `app.${region}.${domain}` },
    ],
  };
}
