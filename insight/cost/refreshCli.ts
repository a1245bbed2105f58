import "../../stacks/quietStackTraces";
import { refreshPrices } from "./refresh/command";

void refreshPrices(process.argv).then((code) => {
  process.exitCode = code;
});
