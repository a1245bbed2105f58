import { Secret } from "@pulumi/aws/secretsmanager/secret";
import { SecretVersion } from "@pulumi/aws/secretsmanager/secretVersion";
import {
  jsonStringify,
  secret,
  type ComponentResourceOptions,
  type Input,
  type Output,
} from "@pulumi/pulumi";
import { RandomBytes } from "@pulumi/random/randomBytes";
import { PlatformComponent } from "../base/platformComponent";

export interface MachineKeyArgs {
  keyArn: Input<string>;
  protect: boolean;
}

/**
 * The ASP.NET `machineKey` that every server shares, so that a form or ticket issued by one is
 * accepted by all. Servers read it from Secrets Manager at boot; it is in no template or user data.
 *
 * Sizes: 64 bytes for HMACSHA256 validation, 32 bytes for AES (Microsoft, "machineKey Element").
 */
export class MachineKey extends PlatformComponent {
  readonly secretArn: Output<string>;

  constructor(name: string, args: MachineKeyArgs, opts?: ComponentResourceOptions) {
    super("MachineKey", name, opts);
    const bytes = (role: string, length: number): Output<string> =>
      new RandomBytes(`${name}-${role}`, { length }, { parent: this }).hex;
    const stored = new Secret(
      name,
      {
        description: "ASP.NET machineKey shared by all servers of this region",
        kmsKeyId: args.keyArn,
        recoveryWindowInDays: args.protect ? 30 : 0,
        tags: this.tags("confidential"),
      },
      { parent: this },
    );
    const version = new SecretVersion(
      name,
      {
        secretId: stored.id,
        secretString: secret(
          jsonStringify({
            validationKey: bytes("validation", 64),
            decryptionKey: bytes("decryption", 32),
          }),
        ),
      },
      { parent: this },
    );
    // From the version, so that no server asks for a value that is not there yet.
    this.secretArn = version.arn;
    this.registerOutputs();
  }
}
