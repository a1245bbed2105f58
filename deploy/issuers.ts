/** Who vouches for a deployment, by platform: the issuer without its scheme, as AWS names it. */
export const issuers = {
  pulumiCloud: { host: "api.pulumi.com/oidc" },
  githubActions: { host: "token.actions.githubusercontent.com" },
} as const;
