import "../../stacks/quietStackTraces";
import { refreshPrices } from "./refresh/command";

void refreshPrices(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
