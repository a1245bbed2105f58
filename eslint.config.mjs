import js from "@eslint/js";
import tseslint from "typescript-eslint";

// Deep paths only: the package root and a service's index load hundreds of modules that a stack
// never uses. Type-only imports are erased and may come from anywhere.
const deepImports = {
  regex: "^@pulumi/(awsx?(/(?!get[A-Z]|provider$)[^/]+)?|random|pulumiservice)$",
  allowTypeImports: true,
  message: "Import the resource itself, e.g. @pulumi/aws/ec2/vpc: the root costs start-up time.",
};
export default tseslint.config(
  { ignores: ["node_modules/", ".build/", ".local/", ".venv/"] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    files: ["**/*.ts"],
    rules: {
      "@typescript-eslint/no-restricted-imports": ["error", { patterns: [deepImports] }],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      // A component is often created for its effect alone; a class may only carry its children.
      "@typescript-eslint/no-extraneous-class": "off",
      eqeqeq: "error",
      "max-lines": ["error", { max: 300 }],
      "no-console": "error",
    },
  },
  {
    files: ["{insight,engine,local,recovery}/**/*.ts", "scripts/**/*.{ts,mjs}"],
    rules: { "no-console": "off" },
  },
  {
    files: ["test/**/*.ts"],
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unused-expressions": "off",
      "max-lines": ["error", { max: 900, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ["scripts/**/*.mjs", "eslint.config.mjs"],
    languageOptions: { globals: { process: "readonly", console: "readonly", URL: "readonly" } },
  },
  {
    files: ["**/*.cjs"],
    languageOptions: {
      sourceType: "commonjs",
      globals: { process: "readonly", __dirname: "readonly" },
    },
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
);
