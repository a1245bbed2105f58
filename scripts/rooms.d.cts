/** See rooms.cjs. */
export const rooms: Record<string, { is: string; below: string[] }>;
export function placeOf(room: string): string;
