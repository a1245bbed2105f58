import type { SampleProduct } from "./offerFiles";

/** us-east-1 has no prefix in most usage types. */
const prefixes: Record<string, string> = { "us-east-1": "", "us-west-2": "USW2-" };

let count = 0;

function product(
  region: string,
  family: string,
  attributes: Record<string, string>,
  price: string | Record<string, string>,
  unit = "Hrs",
): SampleProduct {
  const { usagetype } = attributes;
  const prefix = prefixes[region] ?? "";
  return {
    ...{ sku: `SKU${String((count += 1)).padStart(5, "0")}`, family, unit },
    attributes: {
      ...{ locationType: "AWS Region", regionCode: region, ...attributes },
      ...(usagetype !== undefined && { usagetype: prefix + usagetype }),
    },
    tiers: typeof price === "string" ? { "0": price } : price,
  };
}

/** The prices that a refresh is to find in `sampleOffers`, whatever traps lie beside them. */
export const expected: Record<string, number> = {
  "alb:hour": 0.0226,
  "alb:lcu": 0.0081,
  "cloudwatch:alarm": 0.11,
  "cloudwatch:metric": 0.31,
  "dms:dms.c5.large:multi": 0.32,
  "dms:dms.c5.large:single": 0.16,
  "dms:storage:multi": 0.24,
  "dms:storage:single": 0.12,
  "ebs:gp3": 0.081,
  "ec2:m6i.large:linux": 0.097,
  "ec2:m6i.large:windows": 0.189,
  "endpoint:gb": 0.011,
  "endpoint:hour": 0.012,
  "ipv4:hour": 0.0051,
  "kms:key": 1,
  "kms:requests": 0.03,
  "lambda:gb-second": 0.0000166667,
  "lambda:gb-second-arm": 0.0000133334,
  "lambda:requests": 0.2,
  "logs:ingestion": 0.51,
  "logs:storage": 0.031,
  "nat:gb": 0.046,
  "nat:hour": 0.047,
  "peering:gb": 0.021,
  "rds:backup": 0.096,
  "rds:db.r6i.xlarge:enterprise:single": 2.51,
  "rds:db.r6i.xlarge:standard:multi": 3.05,
  "rds:db.r6i.xlarge:standard:single": 1.53,
  "rds:db.r6i.xlarge:web:single": 0.89,
  "rds:gp3-iops:multi": 0.041,
  "rds:gp3-iops:single": 0.021,
  "rds:gp3:multi": 0.231,
  "rds:gp3:single": 0.116,
  "route53:health-check": 0.5,
  "route53:health-check-option": 1,
  "route53:latency-queries": 0.6,
  "route53:queries": 0.4,
  "route53:zone": 0.5,
  "s3:get": 0.004,
  "s3:put": 0.005,
  "s3:storage": 0.023,
  "secrets:requests": 0.05,
  "secrets:secret": 0.4,
  "sns:email": 2,
  "sqs:requests": 0.4,
  "tgw:gb": 0.022,
  "tgw:hour": 0.052,
  "transfer:inter-az": 0.011,
  "transfer:inter-region": 0.021,
  "transfer:internet": 0.09,
};

/** Sample lists of every service that is read, with the traps of the real ones beside them. */
export function sampleOffers(region: string, otherRegion: string): Record<string, SampleProduct[]> {
  const make = (
    family: string,
    attributes: Record<string, string>,
    price: string | Record<string, string>,
    unit?: string,
  ) => product(region, family, attributes, price, unit);
  const usage = (family: string, usagetype: string, price: string, unit?: string) =>
    make(family, { usagetype }, price, unit);

  const box = {
    ...{ instanceType: "m6i.large", tenancy: "Shared", capacitystatus: "Used" },
    ...{
      preInstalledSw: "NA",
      licenseModel: "No License required",
      usagetype: "BoxUsage:m6i.large",
    },
  };
  const server = (
    operatingSystem: string,
    price: string,
    other: Record<string, string> = {},
    family = "Compute Instance",
  ) => make(family, { ...box, operatingSystem, ...other }, price);
  const ec2 = [
    server("Linux", "0.0970000000"),
    server("Windows", "0.1890000000"),
    // Traps: Local Zone, tenancy, reservation, software, licence model, metal, Arm, other systems.
    server("Windows", "0.2268", { locationType: "AWS Local Zone", regionCode: `${region}-bos-1` }),
    server("Windows", "0.2269", { locationType: "AWS Local Zone" }),
    server("Windows", "0.2", { tenancy: "Dedicated" }),
    server("Windows", "0.3", { tenancy: "Host" }),
    server("Windows", "0.0", { capacitystatus: "AllocatedCapacityReservation" }),
    server("Windows", "0.4", { capacitystatus: "UnusedCapacityReservation" }),
    server("Windows", "0.9", { preInstalledSw: "SQL Web" }),
    server("Windows", "0.097", { licenseModel: "Bring your own license" }),
    server("RHEL", "0.12"),
    server("Linux", "9.9", { instanceType: "m6i.metal" }, "Compute Instance (bare metal)"),
    server("Linux", "0.077", { instanceType: "m6g.large" }),
    { ...server("Windows", "0.1"), term: "Reserved" as const },
    usage("NAT Gateway", "NatGateway-Hours", "0.047"),
    usage("NAT Gateway", "NatGateway-Bytes", "0.046", "GB"),
    usage("NAT Gateway", "NatGateway-Prvd-Bytes", "0.9", "GB"),
    usage("Storage", "EBS:VolumeUsage.gp3", "0.081", "GB-Mo"),
    usage("Storage", "EBS:VolumeUsage.gp2", "0.1", "GB-Mo"),
  ];

  const class_ = {
    ...{ instanceType: "db.r6i.xlarge", databaseEngine: "SQL Server" },
    ...{
      licenseModel: "License included",
      deploymentOption: "Single-AZ",
      unbundledLicensing: "FALSE",
    },
  };
  const database = (databaseEdition: string, price: string, other: Record<string, string> = {}) =>
    make("Database Instance", { ...class_, databaseEdition, ...other }, price);
  const mirror = { deploymentOption: "Multi-AZ (SQL Server Mirror)" };
  const gp3 = (deploymentOption: string, price: string, other: Record<string, string> = {}) =>
    make(
      "Database Storage",
      { deploymentOption, databaseEngine: "Any", volumeType: "General Purpose-GP3", ...other },
      price,
      "GB-Mo",
    );
  const iops = (deploymentOption: string, usagetype: string, price: string) =>
    make(
      "Provisioned IOPS",
      { deploymentOption, databaseEngine: "Any", usagetype },
      price,
      "IOPS-Mo",
    );
  const rds = [
    database("Web", "0.89"),
    database("Standard", "1.53"),
    database("Enterprise", "2.51"),
    database("Standard", "3.05", mirror),
    // Traps: the general Multi-AZ beside SQL Server's own, BYOL, other editions and engines,
    // Local Zones, the 7th generation whose licences are lines of their own.
    database("Standard", "3.99", { deploymentOption: "Multi-AZ" }),
    database("Standard", "4.6", { deploymentOption: "Multi-AZ (readable standbys)" }),
    database("Standard", "0.5", { licenseModel: "Bring your own license" }),
    database("Express", "0.3"),
    database("Enterprise Developer", "0.4"),
    database("Standard", "0.45", { databaseEngine: "PostgreSQL" }),
    database("Standard", "1.836", {
      locationType: "AWS Local Zone",
      regionCode: `${region}-lax-1`,
    }),
    database("Standard", "0.25", { instanceType: "db.r7i.xlarge", unbundledLicensing: "TRUE" }),
    database("Standard", "0.26", { instanceType: "db.m7i.xlarge", unbundledLicensing: "" }),
    database("Standard", "0.27", { instanceType: "db.m6i.xlarge", unbundledLicensing: "TRUE" }),
    gp3("Single-AZ", "0.116"),
    gp3("Multi-AZ", "0.999"),
    gp3(mirror.deploymentOption, "0.231"),
    gp3("Multi-AZ (readable standbys)", "0.345"),
    gp3("Single-AZ", "0.117", { volumeType: "General Purpose" }),
    gp3("Single-AZ", "0.118", { databaseEngine: "Oracle" }),
    iops("Single-AZ", "RDS:GP3-PIOPS", "0.021"),
    iops("Multi-AZ", "RDS:Multi-AZ-GP3-PIOPS", "0.041"),
    iops("Single-AZ", "RDS:PIOPS", "0.1"),
    make(
      "Storage Snapshot",
      { usagetype: "RDS:ChargedBackupUsage", databaseEngine: "Any" },
      "0.096",
      "GB-Mo",
    ),
  ];

  const copier = (availabilityZone: string, price: string) =>
    make("Replication Server", { instanceType: "c5.large", availabilityZone }, price);
  const logs = (availabilityZone: string, price: string) =>
    make("Database Storage", { storageMedia: "SSD", availabilityZone }, price, "GB-Mo");

  const lambda = (group: string, usagetype: string, price: string, unit: string) =>
    make("Serverless", { group, usagetype }, price, unit);
  const alb = "Load Balancer-Application";
  const gateway = { operation: "TransitGatewayVPC" };
  const kms = (usagetype: string, price: string | Record<string, string>, unit: string) => ({
    ...make("Encryption Key", {}, price, unit),
    attributes: {
      ...{ locationType: "AWS Region", regionCode: region, usagetype: `${region}-${usagetype}` },
    },
  });
  const moved = (attributes: Record<string, string>, price: string | Record<string, string>) => {
    const made = make(
      "Data Transfer",
      { fromLocationType: "AWS Region", ...attributes },
      price,
      "GB",
    );
    delete made.attributes.locationType;
    delete made.attributes.regionCode;
    return { ...made, attributes: { fromRegionCode: region, ...made.attributes } };
  };
  const global = (
    family: string,
    usagetype: string,
    tiers: Record<string, string>,
    unit: string,
  ) => ({
    ...make(family, {}, tiers, unit),
    attributes: { usagetype, location: "Any" },
  });

  return {
    AmazonEC2: ec2,
    AmazonRDS: rds,
    AWSDatabaseMigrationSvc: [
      copier("Single", "0.16"),
      copier("Multiple", "0.32"),
      logs("Single", "0.12"),
      logs("Multiple", "0.24"),
    ],
    AWSELB: [
      usage(alb, "LoadBalancerUsage", "0.0226"),
      usage(alb, "LCUUsage", "0.0081", "LCU-Hrs"),
      usage(alb, "TS-LoadBalancerUsage", "0.0055"),
      usage(alb, "ReservedLCUUsage", "0.7", "LCU-Hrs"),
      usage("Load Balancer-Network", "LoadBalancerUsage", "0.5"),
    ],
    AmazonVPC: [
      usage("VpcEndpoint", "VpcEndpoint-Hours", "0.012"),
      make(
        "VpcEndpoint",
        { usagetype: "VpcEndpoint-Bytes" },
        { "5242880": "0.004", "0": "0.011", "1048576": "0.006" },
        "GB",
      ),
      usage("VpcEndpoint", "VpcEndpoint-GWLBE-Hours", "0.7"),
      make("Transit Gateway", { usagetype: "TransitGateway-Hours", ...gateway }, "0.052", "hour"),
      make("Transit Gateway", { usagetype: "TransitGateway-Bytes", ...gateway }, "0.022", "GB"),
      make(
        "Transit Gateway",
        { usagetype: "TransitGateway-Hours", operation: "TransitGatewayVPN" },
        "0.6",
        "hour",
      ),
      usage("", "PublicIPv4:InUseAddress", "0.0051"),
      usage("", "PublicIPv4:IdleAddress", "0.9"),
    ],
    AWSDataTransfer: [
      moved({ usagetype: "DataTransfer-Regional-Bytes", transferType: "IntraRegion" }, "0.011"),
      moved(
        { usagetype: "DataTransfer-Out-Bytes", transferType: "AWS Outbound" },
        { "10240": "0.085", "0": "0", "1": "0.09" },
      ),
      moved(
        {
          ...{ usagetype: "XXX1-AWS-Out-Bytes", transferType: "InterRegion Outbound" },
          toRegionCode: otherRegion,
        },
        "0.021",
      ),
      moved(
        {
          ...{ usagetype: "YYY1-AWS-Out-Bytes", transferType: "InterRegion Outbound" },
          toRegionCode: "sa-east-1",
        },
        "0.8",
      ),
    ],
    AmazonRoute53: [
      global("DNS Zone", "HostedZone", { "0": "0.5", "25": "0.1" }, "HostedZone"),
      global(
        "DNS Query",
        "DNS-Queries",
        { "0": "0.0000004", "1000000000": "0.0000002" },
        "Queries",
      ),
      global(
        "DNS Query",
        "LBR-Queries",
        { "0": "0.0000006", "1000000000": "0.0000003" },
        "Queries",
      ),
      global("DNS Query", "Intra-AWS-DNS-Queries", { "0": "0" }, "Queries"),
      global("DNS Health Check", "Health-Check-AWS", { "0": "0", "50": "0.5" }, "HealthChecks"),
      global("DNS Health Check", "Health-Check-Option-AWS", { "0": "1" }, "HealthChecks"),
      global("DNS Health Check", "Health-Check-Option-Non-AWS", { "0": "2" }, "HealthChecks"),
    ],
    awskms: [
      kms("KMS-Keys", "1.0000000000", "Keys"),
      kms("KMS-Requests", { "0": "0", "20000": "0.0000030000" }, "Requests"),
      kms("KMS-Requests-Asymmetric", "0.000015", "Requests"),
    ],
    AWSSecretsManager: [
      usage("Secret", "AWSSecretsManager-Secrets", "0.4", "Secrets"),
      usage("API Request", "AWSSecretsManagerAPIRequest", "0.000005", "API Requests"),
    ],
    AmazonCloudWatch: [
      make("Alarm", { usagetype: "CW:AlarmMonitorUsage", alarmType: "Standard" }, "0.11", "Alarms"),
      make(
        "Alarm",
        { usagetype: "CW:HighResAlarm", alarmType: "High Resolution" },
        "0.3",
        "Alarms",
      ),
      make(
        "Metric",
        { usagetype: "CW:MetricMonitorUsage" },
        { "0": "0.31", "10000": "0.1" },
        "Metrics",
      ),
      usage("Data Payload", "DataProcessing-Bytes", "0.51", "GB"),
      usage("Data Payload", "DataProcessingIA-Bytes", "0.25", "GB"),
      usage("Storage Snapshot", "TimedStorage-ByteHrs", "0.031", "GB-Mo"),
    ],
    AmazonSNS: [
      make(
        "Message Delivery",
        { usagetype: "DeliveryAttempts-SMTP" },
        { "0": "0", "1000": "0.00002" },
        "Notifications",
      ),
      usage("Message Delivery", "DeliveryAttempts-HTTP", "0.0000006", "Notifications"),
    ],
    AWSQueueService: [
      make(
        "API Request",
        { usagetype: "Requests-Tier1", queueType: "Standard" },
        { "0": "0.0000004", "100000000000": "0.0000003" },
        "Requests",
      ),
      make("API Request", { queueType: "FIFO (first-in, first-out)" }, "0.0000005", "Requests"),
    ],
    AWSLambda: [
      lambda("AWS-Lambda-Requests", "Request", "0.0000002", "Requests"),
      lambda("AWS-Lambda-Duration", "Lambda-GB-Second", "0.0000166667", "Lambda-GB-Second"),
      lambda("AWS-Lambda-Duration-ARM", "Lambda-GB-Second-ARM", "0.0000133334", "Lambda-GB-Second"),
    ],
    AmazonS3: [
      usage("Storage", "TimedStorage-ByteHrs", "0.023", "GB-Mo"),
      usage("Storage", "TimedStorage-SIA-ByteHrs", "0.0125", "GB-Mo"),
      usage("API Request", "Requests-Tier1", "0.000005", "Requests"),
      usage("API Request", "Requests-Tier2", "0.0000004", "Requests"),
      usage("API Request", "Requests-SIA-Tier1", "0.00001", "Requests"),
    ],
  };
}
