/** How a site writes its codes: trimmed, and in upper case where it says so. */
export type Fold = (code: string) => string;

export function foldOf(upperCaseCodes: boolean): Fold {
  return upperCaseCodes ? (code) => code.trim().toUpperCase() : (code) => code.trim();
}
