import { pageData, type PageData } from "../../../insight/report/data";

let made: Promise<PageData> | undefined;

/** The data of the real stacks' page, made once: it takes seconds. */
export function realPage(): Promise<PageData> {
  made ??= pageData({ today: new Date("2026-11-25T12:00:00Z") });
  return made;
}
