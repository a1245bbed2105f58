/** A figure that stands beside the targets, or the reason why it is missing. */
export interface Comparison {
  name: string;
  text: string;
}
export async function comparePreview(wanted: boolean): Promise<Comparison[]> {
  await Promise.resolve();
  return wanted ? [] : [{ name: "Real preview", text: "not asked for; add --preview." }];
}
