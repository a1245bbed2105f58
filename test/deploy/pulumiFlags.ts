/**
 * The commands and flags of the Pulumi CLI that this project writes about, recorded from
 * `pulumi <command> --help` of the version below. Where a CLI is on PATH, the tests ask that one too.
 */
export const recordedVersion = "3.259.0";

/** Flags that every command takes. */
export const globalFlags = words(
  "--color -C --cwd --disable-integrity-checking -e --emoji -Q " +
    "--fully-qualify-stack-names --logflow --logtostderr --memprofilerate " +
    "--non-interactive --otel-traces --profiling --tracing -v --verbose",
);

/** Each command with its own flags; a command's words are separated by one space. */
export const pulumiFlags: Readonly<Record<string, readonly string[]>> = {
  about: words("-h --help --output -s --stack -t --transitive"),
  cancel: words("-h --help -s --stack -y --yes"),
  config: words("--config-file -h --help -j --json --open --show-secrets -s --stack"),
  "config get": words("--config-file -h --help -j --json --open --path -s --stack"),
  "config set": words(
    "--config-file -h --help --path --plaintext --raw --secret -s --stack --type",
  ),
  destroy: words(
    "-c --config --config-file --config-path --continue-on-error -d --debug " +
      "--diff -x --exclude --exclude-protected -h --help --ignore-protect -j --json " +
      "-m --message --neo --override-env -p --parallel --preview-only -r --refresh " +
      "--remove --run-program --show-config --show-full-output " +
      "--show-replacement-steps --show-sames --skip-config-validation " +
      "--skip-plugin-pre-install -f --skip-preview -s --stack --suppress-outputs " +
      "--suppress-permalink --suppress-progress -t --target --target-dependents " +
      "--urns -y --yes",
  ),
  import: words(
    "--config-file -d --debug --diff -f --file --from --generate-code " +
      "--generate-resources -h --help -j --json -m --message -o --out -p --parallel " +
      "--parent --preview-only --properties --protect --provider " +
      "--skip-plugin-pre-install --skip-preview -s --stack --suppress-outputs " +
      "--suppress-permalink --suppress-progress --urns -y --yes",
  ),
  install: words(
    "-h --help --no-dependencies --no-plugins --parallel --reinstall " +
      "--use-language-version-tools",
  ),
  login: words(
    "-c --cloud-url --default-org -h --help --insecure --interactive -l --local " +
      "--oidc-expiration --oidc-org --oidc-team --oidc-token --oidc-user",
  ),
  logout: words("--all -c --cloud-url -h --help -l --local"),
  "plugin install": words("--checksum --exact -f --file -h --help --parallel --reinstall --server"),
  preview: words(
    "--attach-debugger -c --config --config-file --config-path -d --debug --diff " +
      "-x --exclude --exclude-dependents --expect-no-changes -h --help " +
      "--ignore-protect --import-file -j --json -m --message --neo --override-env " +
      "-p --parallel --policy-pack --policy-pack-config -r --refresh --replace " +
      "--run-program --save-plan --show-config --show-full-output " +
      "--show-policy-remediations --show-reads --show-replacement-steps " +
      "--show-sames --show-secrets --skip-config-validation " +
      "--skip-plugin-pre-install -s --stack --suppress-outputs --suppress-permalink " +
      "--suppress-progress -t --target --target-dependents --target-replace --urns",
  ),
  refresh: words(
    "--clear-pending-creates -c --config --config-file --config-path -d --debug " +
      "--diff -x --exclude --exclude-dependents --expect-no-changes -h --help " +
      "--import-pending-creates -j --json -m --message --neo --override-env -p " +
      "--parallel --preview-only --run-program --show-replacement-steps " +
      "--show-sames --skip-config-validation --skip-pending-creates " +
      "--skip-plugin-pre-install -f --skip-preview -s --stack --suppress-outputs " +
      "--suppress-permalink --suppress-progress -t --target --target-dependents " +
      "--urns -y --yes",
  ),
  stack: words(
    "-h --help --output -i --show-ids --show-name --show-secrets -u --show-urns " + "-s --stack",
  ),
  "stack change-secrets-provider": words("-h --help -s --stack"),
  "stack export": words("--file -h --help --show-secrets -s --stack --version"),
  "stack history": words(
    "--full-dates -h --help --output --page --page-size --show-secrets -s --stack",
  ),
  "stack import": words("--file -f --force -h --help -s --stack"),
  "stack init": words(
    "--copy-config-from -h --help --no-select --secrets-provider -s --stack " + "--teams -y --yes",
  ),
  "stack ls": words("-a --all -h --help -o --organization --output -p --project -t --tag"),
  "stack output": words("-h --help -j --json --shell --show-secrets -s --stack"),
  "stack rename": words("-h --help -s --stack"),
  "stack rm": words("-f --force -h --help --preserve-config --remove-backups -s --stack -y --yes"),
  "stack select": words("-c --create -h --help --secrets-provider -s --stack"),
  "state delete": words("--all --force -h --help -s --stack --target-dependents -y --yes"),
  "state unprotect": words("--all -h --help -s --stack -y --yes"),
  up: words(
    "--attach-debugger -c --config --config-file --config-path " +
      "--continue-on-error -d --debug --diff --exclude --exclude-dependents " +
      "--expect-no-changes -h --help --ignore-protect -j --json -m --message --neo " +
      "--override-env -p --parallel --policy-pack --policy-pack-config -r --refresh " +
      "--replace --run-program --secrets-provider --show-config --show-full-output " +
      "--show-policy-remediations --show-reads --show-replacement-steps " +
      "--show-sames --show-secrets --skip-config-validation " +
      "--skip-plugin-pre-install -f --skip-preview -s --stack --strict " +
      "--suppress-outputs --suppress-permalink --suppress-progress -t --target " +
      "--target-dependents --target-replace --urns -y --yes",
  ),
  whoami: words("-h --help --output -v --verbose"),
};

function words(text: string): readonly string[] {
  return text.split(" ");
}
