import { OpenIdConnectProvider } from "@pulumi/aws/iam/openIdConnectProvider";
import { output, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { DeployComponent } from "./deployComponent";

export interface IdentityProviderArgs {
  /** `create`, or the ARN of the one the account has. */
  provider: string;
  /** The issuer's address without its scheme. */
  host: string;
  /** Whom its tokens have to be for, `aud`. An adopted provider must list it already. */
  audience: string;
}

/**
 * Who may vouch for a deployment. AWS allows one per issuer and account, so one made here is
 * protected: without it no deployment of the account gets in any more, other projects' included.
 *
 * Cost: none.
 */
export class IdentityProvider extends DeployComponent {
  readonly arn: Output<string>;

  constructor(name: string, args: IdentityProviderArgs, opts?: ComponentResourceOptions) {
    super("IdentityProvider", name, opts);
    const { provider, host, audience } = args;
    this.arn =
      provider === "create"
        ? new OpenIdConnectProvider(
            name,
            // No thumbprints to maintain: AWS knows GitHub's authority, and looks up Pulumi's itself.
            { url: `https://${host}`, clientIdLists: [audience] },
            { parent: this, protect: true },
          ).arn
        : output(provider);
    this.registerOutputs();
  }
}
