import type { ProvenFigures } from '../proof/report-proof.ts';
import type { PageFigure } from './page.ts';

/** The first figure of every page; null = no proof is known. */
export function proofFigure(proof: ProvenFigures | null): PageFigure {
  if (!proof) return { name: 'no proof is known', value: '–' };
  const { unaccounted, purchases } = proof;
  return {
    name: `unaccounted of ${purchases} purchases`,
    value: String(unaccounted),
    mood: unaccounted === 0 ? 'good' : 'bad',
  };
}
