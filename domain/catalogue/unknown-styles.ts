import { findingOf, type Finding } from '../findings.ts';

/**
 * Styles of the ERP that could never be read, so that nobody knows their SKUs; null when there are none. Whatever the ERP
 * seems not to have may be theirs: each feed says what it leaves alone meanwhile.
 */
export function unknownStyles(styles: readonly string[], meanwhile: string): Finding | null {
  const says = `Styles of the ERP cannot be read and never were. ${meanwhile}`;
  return findingOf('SCHEMA_DRIFT', styles, { key: 'styles', says });
}
