// Where state and secrets live without Pulumi Cloud: once per account, by an administrator, in this
// folder. `npm ci` in the project's root comes first, and credentials of the account (AWS_PROFILE).
//
// 1. Make it, with the state on this machine:
//
//      export PULUMI_CONFIG_PASSPHRASE=""     # nothing in this state is secret
//      pulumi login --local
//      pulumi stack init main --secrets-provider=passphrase
//      pulumi config set accountId 123456789012
//      pulumi config set aws:region us-east-1
//      pulumi up
//
// 2. Move that state into the bucket it describes, its secrets under the key it describes, and
//    forget the copy on this machine:
//
//      BACKEND=$(pulumi stack output backendUrl)
//      SECRETS=$(pulumi stack output secretsProvider)
//      pulumi stack change-secrets-provider "$SECRETS"
//      pulumi stack export --file main.json
//      pulumi login "$BACKEND"
//      pulumi stack init main --secrets-provider="$SECRETS"
//      pulumi stack import --file main.json
//      pulumi preview --expect-no-changes     # must end well; then commit Pulumi.main.yaml
//      pulumi login --local
//      pulumi stack rm main --force --yes --preserve-config
//      rm main.json
//
// 3. From then on, for every stack of every project:
//
//      pulumi login "$BACKEND"
//      pulumi stack init prod-east --secrets-provider="$SECRETS"
//
// A state as it was before: the bucket keeps replaced versions for oldVersionDays. KEY is
// .pulumi/stacks/<project>/<stack>.json; `pulumi refresh` then tells what AWS has now.
//
//      aws s3api list-object-versions --bucket "$BUCKET" --prefix "$KEY"
//      aws s3api copy-object --bucket "$BUCKET" --key "$KEY" \
//        --copy-source "$BUCKET/$KEY?versionId=$VERSION"
//
// To remove it all: no other stack may be left, for the bucket is emptied; and its own state leaves
// first.
//
//      pulumi config set protect false
//      pulumi up
//      pulumi stack change-secrets-provider passphrase
//      pulumi stack export --file main.json
//      pulumi login --local
//      pulumi stack init main --secrets-provider=passphrase
//      pulumi stack import --file main.json
//      pulumi destroy
import "../../stacks/quietStackTraces";
import { getCallerIdentity } from "@pulumi/aws/getCallerIdentity";
import { getStack } from "@pulumi/pulumi";
import { RunError } from "@pulumi/pulumi/errors";
import { allConfig } from "@pulumi/pulumi/runtime/config";
import { accountProblem, parseBootstrapConfig } from "./config";
import { StateStore } from "./stateStore";
import { ConfigError } from "../../config/problems";

function loadConfig() {
  try {
    return parseBootstrapConfig(allConfig(), getStack());
  } catch (error) {
    // The engine prints a RunError without a stack trace.
    if (error instanceof ConfigError) throw new RunError(error.message);
    throw error;
  }
}

/** A function, so that config and account are checked before anything is registered. */
export = async () => {
  const config = loadConfig();
  const { accountId } = await getCallerIdentity();
  const problem = accountProblem(config.accountId, accountId);
  if (problem) throw new RunError(problem);
  const store = new StateStore("pulumi-state", config);
  const { backendUrl, secretsProvider, bucketName, stateKeyArn, secretsKeyArn } = store;
  const { readPolicyArn, writePolicyArn } = store;
  return {
    ...{ backendUrl, secretsProvider, bucketName },
    ...{ stateKeyArn, secretsKeyArn, readPolicyArn, writePolicyArn },
  };
};
