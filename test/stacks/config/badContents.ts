import {
  type BadConfig,
  app,
  artifact,
  classOf,
  database,
  east,
  web,
  windows,
} from "./configCases";

/** Wrong tiers and databases, unknown keys, secrets. */
export const badContents: BadConfig[] = [
  [
    "protect without a named image",
    east({ web: { windows: { version: "2019" } } }),
    [
      "web.windows: names no image, and Auto Scaling undoes no failed roll to one it doesn't know: set amiRelease to the date of one of Amazon's monthly images, or amiId to an own one (or protect: false).",
    ],
  ],
  [
    "a Graviton server",
    web({ instanceType: "m6g.large" }),
    [
      'web.instanceType: "m6g.large" is not allowed: use an x86 EC2 instance type of size small or larger, for example `instanceType: m6i.large` (m6g is Graviton (Arm), Windows runs on x86 only).',
    ],
  ],
  [
    "a server too small for Windows",
    app({ instanceType: "t2.micro" }),
    [
      'app.instanceType: "t2.micro" is not allowed: use an x86 EC2 instance type of size small or larger, for example `instanceType: m6i.large` (micro has too little memory for Windows and IIS).',
    ],
  ],
  [
    "a database class for a server",
    web({ instanceType: "db.m6i.large" }),
    [
      'web.instanceType: "db.m6i.large" is not allowed: use an x86 EC2 instance type of size small or larger, for example `instanceType: m6i.large` (db. classes are for the database).',
    ],
  ],
  [
    "no server",
    web({ instancesPerAz: { min: 0 } }),
    [
      "web.instancesPerAz.min: 0 is not allowed: use a whole number from 1 to 20, at most max, for example `min: 1` (a tier without servers answers nobody; azCount saves more).",
    ],
  ],
  [
    "21 servers",
    app({ instancesPerAz: { max: 21 } }),
    [
      "app.instancesPerAz.max: 21 is not allowed: use a whole number from 1 to 20, at least min, for example `max: 3`.",
    ],
  ],
  [
    "min above max",
    app({ instancesPerAz: { min: 5, max: 2 } }),
    ["app.instancesPerAz: min 5 is more than max 2: raise max to at least 5, or lower min."],
  ],
  [
    "a root volume too small",
    web({ rootVolumeGiB: 20 }),
    [
      "web.rootVolumeGiB: 20 is not allowed: use a whole number from 30 (Amazon's Windows images need it) to 16384, for example `rootVolumeGiB: 80`.",
    ],
  ],
  [
    "a number in quotes",
    web({ rootVolumeGiB: "80" }),
    [
      'web.rootVolumeGiB: "80" is not allowed: use a whole number from 30 (Amazon\'s Windows images need it) to 16384, for example `rootVolumeGiB: 80` (without the quotes).',
    ],
  ],
  [
    "a root volume too large",
    web({ rootVolumeGiB: 20_000 }),
    [
      "web.rootVolumeGiB: 20000 is not allowed: use a whole number from 30 (Amazon's Windows images need it) to 16384, for example `rootVolumeGiB: 80`.",
    ],
  ],
  [
    "an unknown Windows",
    windows({ version: "11" }),
    [
      'web.windows.version: "11" is not allowed: use 2016, 2019, 2022 or 2025 (2008 and 2012 with an own amiId), for example `version: "2022"`.',
    ],
  ],
  [
    "Windows 2012 without an image",
    windows({ version: "2012" }),
    [
      "web.windows.version: 2012 is out of support and has no image from Amazon: set web.windows.amiId to an own image, or use 2016, 2019, 2022 or 2025.",
    ],
  ],
  [
    "Windows 2008 pinned to Amazon's release",
    windows({ version: "2008", amiRelease: "2026.10.14" }),
    [
      "web.windows.version: 2008 is out of support and has no image from Amazon: set web.windows.amiId to an own image, or use 2016, 2019, 2022 or 2025.",
    ],
  ],
  [
    "an image and a release",
    windows({ amiId: "ami-0123456789abcdef0", amiRelease: "2026.10.14" }),
    [
      "web.windows: has both amiId ami-0123456789abcdef0 and amiRelease 2026.10.14: keep amiId for an own image, or amiRelease for Amazon's, and remove the other.",
    ],
  ],
  [
    "a release with hyphens",
    windows({ amiRelease: "2026-10-14" }),
    [
      'web.windows.amiRelease: "2026-10-14" is not allowed: use a release date written YYYY.MM.DD, for example `amiRelease: 2026.10.14`.',
    ],
  ],
  [
    "a release in month 13",
    windows({ amiRelease: "2026.13.01" }),
    [
      'web.windows.amiRelease: "2026.13.01" is not allowed: use a release date written YYYY.MM.DD, for example `amiRelease: 2026.10.14`.',
    ],
  ],
  [
    "a misspelt image",
    windows({ amiId: "ami-xyz" }),
    [
      'web.windows.amiId: "ami-xyz" is not allowed: use an image id, ami- and 17 hexadecimal digits, for example `amiId: ami-0123456789abcdef0`.',
    ],
  ],
  [
    "a short checksum",
    artifact({ sha256: "abc" }),
    [
      'web.artifact.sha256: "abc" is not allowed: use 64 hexadecimal digits (sha256sum prints them), for example `sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"`.',
    ],
  ],
  [
    "an artifact without a key",
    artifact({ key: undefined }),
    [
      "web.artifact.key: is missing: use an S3 key of 1 to 1024 characters without a leading slash, for example `key: web/1.4.2.zip`.",
    ],
  ],
  [
    "a bucket's address",
    artifact({ bucket: "s3://releases" }),
    [
      'web.artifact.bucket: "s3://releases" is not allowed: use an S3 bucket\'s name, 3 to 63 of a-z, 0-9, dot and hyphen, for example `bucket: releases-example` (the name only).',
    ],
  ],
  [
    "sessions longer than a week",
    web({ stickySessionMinutes: 10_081 }),
    [
      "web.stickySessionMinutes: 10081 is not allowed: use a whole number from 0 (off) to 10080 (a week), for example `stickySessionMinutes: 60`.",
    ],
  ],
  [
    "an unknown edition",
    database({ edition: "express" }),
    [
      'database.edition: "express" is not allowed: use enterprise, standard or web, for example `edition: standard` (Express has neither a standby nor enough memory).',
    ],
  ],
  [
    "enterprise on large",
    classOf("enterprise", "db.r6i.large"),
    [
      "database.instanceClass: RDS does not offer db.r6i.large with the enterprise edition, which starts at db.r6i.xlarge in this family. Use that or a larger size, or set database.edition to standard.",
    ],
  ],
  [
    "standard on a small burstable class",
    classOf("standard", "db.t3.large"),
    [
      "database.instanceClass: RDS does not offer db.t3.large with the standard edition, which starts at db.t3.xlarge in this family. Use that or a larger size, or set database.edition to web.",
    ],
  ],
  [
    "standard on 12xlarge",
    classOf("standard", "db.r6i.12xlarge"),
    [
      "database.instanceClass: RDS does not offer db.r6i.12xlarge with the standard edition, which ends at db.r6i.8xlarge in this family. Use that or a smaller size, or set database.edition to enterprise.",
    ],
  ],
  [
    "web on 8xlarge",
    classOf("web", "db.m6i.8xlarge"),
    [
      "database.instanceClass: RDS does not offer db.m6i.8xlarge with the web edition, which ends at db.m6i.4xlarge in this family. Use that or a smaller size, or set database.edition to standard.",
    ],
  ],
  [
    "a Graviton database",
    classOf("standard", "db.m6g.large"),
    [
      'database.instanceClass: "db.m6g.large" is not allowed: use an x86 RDS class of the t, m, r, x or z families, such as db.m6i.large, for example `instanceClass: db.r6i.xlarge` (m6g is Graviton (Arm), SQL Server runs on x86 only).',
    ],
  ],
  [
    "a micro database",
    classOf("web", "db.t3.micro"),
    [
      'database.instanceClass: "db.t3.micro" is not allowed: use an x86 RDS class of the t, m, r, x or z families, such as db.m6i.large, for example `instanceClass: db.r6i.xlarge` (RDS runs only SQL Server Express on micro).',
    ],
  ],
  [
    "a server type for the database",
    classOf("standard", "m6i.large"),
    [
      'database.instanceClass: "m6i.large" is not allowed: use an x86 RDS class of the t, m, r, x or z families, such as db.m6i.large, for example `instanceClass: db.r6i.xlarge` (RDS calls it db.m6i.large).',
    ],
  ],
  [
    "a version by its year",
    database({ engineVersion: "2022" }),
    [
      'database.engineVersion: "2022" is not allowed: use a version as RDS spells it, 14|15|16.00.NNNN.N.vN, for example `engineVersion: 16.00.4236.2.v1` (name the build, not the year).',
    ],
  ],
  [
    "a version no longer offered",
    database({ engineVersion: "13.00.6300.2.v1" }),
    [
      'database.engineVersion: "13.00.6300.2.v1" is not allowed: use a version as RDS spells it, 14|15|16.00.NNNN.N.vN, for example `engineVersion: 16.00.4236.2.v1` (this program runs SQL Server 2017, 2019 and 2022).',
    ],
  ],
  [
    "too little storage",
    database({ storageGiB: 10 }),
    [
      "database.storageGiB: 10 is not allowed: use a whole number from 20 to 16384, for example `storageGiB: 200`.",
    ],
  ],
  [
    "too much storage",
    database({ storageGiB: 20_000 }),
    [
      "database.storageGiB: 20000 is not allowed: use a whole number from 20 to 16384, for example `storageGiB: 200`.",
    ],
  ],
  [
    "growth below 10 %",
    database({ storageGiB: 1000, maxStorageGiB: 1099 }),
    [
      "database.maxStorageGiB: 1099 is too close to storageGiB 1000: RDS grows storage by 10 % or more. Use at least 1100, or 1000 to turn growth off.",
    ],
  ],
  [
    "shrinking storage",
    database({ storageGiB: 1000, maxStorageGiB: 500 }),
    [
      "database.maxStorageGiB: 500 is less than storageGiB 1000: use 1000 to turn growth off, at least 1100 to allow it, or leave it out.",
    ],
  ],
  [
    "no room to grow",
    database({ storageGiB: 16_000, maxStorageGiB: 16_384, iops: 8000 }),
    [
      "database.maxStorageGiB: 16384 does not allow growth: storageGiB 16000 is within 10 % of the largest, 16384. Use 16000 to turn growth off, or leave it out.",
    ],
  ],
  [
    "too few operations",
    database({ iops: 1000 }),
    [
      "database.iops: 1000 is not allowed: use a whole number from 3000 to 16000, at least half of what the storage may grow to, for example `iops: 3000`.",
    ],
  ],
  [
    "too few operations for the size",
    database({ storageGiB: 10_000, iops: 4999 }),
    [
      "database.iops: 4999 is too little for storageGiB 10000: gp3 needs one operation per second for every 2 GiB. Use at least 5500.",
    ],
  ],
  [
    "too few operations for the size that the storage may grow to",
    database({ storageGiB: 500, maxStorageGiB: 6001, iops: 3000 }),
    [
      "database.iops: 3000 is too little for storage that grows to 6001 GiB: gp3 needs one operation per second for every 2 GiB. Use at least 3001, or a maxStorageGiB of at most 6000.",
    ],
  ],
  [
    "too few operations for any growth, the maximum left out",
    database({ storageGiB: 6000, iops: 3000 }),
    [
      "database.iops: 3000 is too little for storage that grows to 6600 GiB: gp3 needs one operation per second for every 2 GiB. Use at least 3300, or maxStorageGiB 6000 to turn growth off.",
    ],
  ],
  [
    "too many operations for the size",
    database({ storageGiB: 20, iops: 10_001 }),
    [
      "database.iops: 10001 is too much for storageGiB 20: gp3 gives 500 operations per second for every GiB. Use at most 10000, or a storageGiB of at least 21.",
    ],
  ],
  [
    "no backups",
    database({ backupRetentionDays: 0 }),
    [
      "database.backupRetentionDays: 0 is not allowed: use a whole number from 1 to 35 (a standby needs backups, so never 0), for example `backupRetentionDays: 14`.",
    ],
  ],
  [
    "a short backup window",
    database({ backupWindow: "05:00-05:29" }),
    [
      'database.backupWindow: "05:00-05:29" is not allowed: use hh:mm-hh:mm in UTC, 30 minutes or more, for example `backupWindow: "05:00-06:00"` (it lasts 29 minutes).',
    ],
  ],
  [
    "a backup window with a day",
    database({ backupWindow: "sun:05:00-sun:06:00" }),
    [
      'database.backupWindow: "sun:05:00-sun:06:00" is not allowed: use hh:mm-hh:mm in UTC, 30 minutes or more, for example `backupWindow: "05:00-06:00"`.',
    ],
  ],
  [
    "a maintenance window without a day",
    database({ maintenanceWindow: "07:00-09:00" }),
    [
      'database.maintenanceWindow: "07:00-09:00" is not allowed: use ddd:hh:mm-ddd:hh:mm in UTC, 30 minutes or more, clear of backupWindow, for example `maintenanceWindow: "sun:07:00-sun:09:00"`.',
    ],
  ],
  [
    "windows that meet",
    database({ maintenanceWindow: "sun:05:30-sun:07:00" }),
    [
      "database.maintenanceWindow: sun:05:30-sun:07:00 meets the daily backupWindow 05:00-06:00, which RDS refuses: move one of them.",
    ],
  ],
  [
    "windows that meet over midnight",
    database({ backupWindow: "23:30-00:30", maintenanceWindow: "sun:23:00-mon:00:15" }),
    [
      "database.maintenanceWindow: sun:23:00-mon:00:15 meets the daily backupWindow 23:30-00:30, which RDS refuses: move one of them.",
    ],
  ],
  [
    "deletion protection off, protect on",
    database({ deletionProtection: false }),
    [
      "database.deletionProtection: false leaves the database open to deletion by any AWS call while protect is true: set it to true, or set protect to false as well before taking the stack down.",
    ],
  ],
  [
    "an odd monitoring interval",
    database({ monitoringIntervalSeconds: 20 }),
    [
      "database.monitoringIntervalSeconds: 20 is not allowed: use 0 (off), 1, 5, 10, 15, 30 or 60, for example `monitoringIntervalSeconds: 60`.",
    ],
  ],
  [
    "logs for ever",
    east({ logRetentionDays: 0 }),
    [
      "logRetentionDays: 0 is not allowed: use a value CloudWatch Logs knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653, for example `logRetentionDays: 90` (keeping logs for ever is not offered).",
    ],
  ],
  [
    "an odd retention",
    east({ logRetentionDays: 100 }),
    [
      "logRetentionDays: 100 is not allowed: use a value CloudWatch Logs knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653, for example `logRetentionDays: 90`.",
    ],
  ],
  [
    "no e-mail address",
    east({ alarmEmail: "operations" }),
    [
      'alarmEmail: "operations" is not allowed: use an e-mail address, for example `alarmEmail: platform-operations@example.com`.',
    ],
  ],
  [
    "an encrypted value",
    east({ alarmEmail: "[encrypted]" }),
    ["alarmEmail: is encrypted, which no key of this project needs: set it without --secret."],
  ],
  [
    "protect as a word",
    east({ protect: "yes" }),
    ['protect: "yes" is not allowed: use true or false, for example `protect: true`.'],
  ],
  [
    "multiAz",
    east({ multiAz: true }),
    [
      "multiAz: unknown key. The standby follows azCount: set azCount to 2 or 3 (a standby needs a second zone), and remove this key.",
    ],
  ],
  [
    "multiAz in the database",
    database({ multiAz: true }),
    [
      "database.multiAz: unknown key. The standby follows azCount: set azCount to 2 or 3 (a standby needs a second zone), and remove this key.",
    ],
  ],
  ["a misspelt key", east({ azCoun: 2 }), ["azCoun: unknown key. Did you mean azCount?"]],
  [
    "a misspelt key inside",
    web({ instanceTyp: "m6i.large" }),
    ["web.instanceTyp: unknown key. Did you mean instanceType?"],
  ],
  [
    "a misspelt key deep inside",
    windows({ amiRelaese: "2026.10.14" }),
    ["web.windows.amiRelaese: unknown key. Did you mean amiRelease?"],
  ],
  [
    "a key in the wrong place",
    east({ cidrBlock: "10.10.0.0/16" }),
    ["cidrBlock: unknown key. It belongs in network: write network.cidrBlock."],
  ],
  [
    "a path set without --path",
    east({ "web.instanceType": "m6i.large" }),
    [
      "web.instanceType: unknown key. To set a key inside web: `pulumi config set --path web.instanceType <value>`.",
    ],
  ],
  [
    "an unknown key",
    web({ colour: "blue" }),
    [
      "web.colour: unknown key. The keys here are instanceType, instancesPerAz, rootVolumeGiB, windows, artifact, stickySessionMinutes.",
    ],
  ],
  [
    "a misspelt namespace",
    { ...east({}), "pe-platfrom:azCount": "2" },
    ["pe-platfrom:azCount: unknown namespace. Did you mean pe-platform?"],
  ],
  [
    "a key pair",
    web({ keyName: "ops" }),
    [
      "web.keyName: unknown key. Servers have no key pair: connect with Session Manager, and remove this key.",
    ],
  ],
  [
    "a password",
    database({ masterPassword: "hunter2-hunter2" }),
    [
      "database.masterPassword: looks like a secret (value not shown). Remove it, and change the secret if it was ever committed: RDS creates, keeps and rotates the database password in Secrets Manager, and no key of this project takes a secret.",
    ],
  ],
  [
    "an edit that AWS cannot do, accepted",
    east({ acceptEdits: ["network.cidrBlock", "domain"] }),
    [
      'acceptEdits[0]: "network.cidrBlock" is not allowed: use different keys out of exposure, domain, database.engineVersion, for example `acceptEdits: [database.engineVersion]`.',
    ],
  ],
  [
    "an edit accepted twice",
    east({ acceptEdits: ["domain", "domain"] }),
    [
      'acceptEdits: ["domain","domain"] is not allowed: use different keys out of exposure, domain, database.engineVersion, for example `acceptEdits: [database.engineVersion]`.',
    ],
  ],
  [
    "a credential of AWS",
    { ...east({}), "aws:secretKey": "hunter2-hunter2" },
    [
      "aws:secretKey: holds a credential (not shown). Remove it, and replace it at AWS if it was ever committed: the AWS provider takes credentials from the environment (AWS_PROFILE, SSO, OIDC).",
    ],
  ],
  [
    "an AWS access key for a value",
    east({ alarmEmail: "AKIAIOSFODNN7EXAMPLE" }),
    [
      "alarmEmail: holds what looks like a credential (not shown). Remove it, and replace it where it was issued if it was ever committed: no key of this project takes a secret.",
    ],
  ],
  [
    "settings of a database that are neither on nor off",
    database({ performanceInsights: "yes", applyImmediately: "no" }),
    [
      'database.performanceInsights: "yes" is not allowed: use true or false, for example `performanceInsights: true`.',
      'database.applyImmediately: "no" is not allowed: use true or false, for example `applyImmediately: false`.',
    ],
  ],
  [
    "an object that is not one",
    east({ web: [1] }),
    [
      "web: [1] is not allowed: write instanceType, instancesPerAz, rootVolumeGiB, windows, artifact, stickySessionMinutes indented below it.",
    ],
  ],
];
