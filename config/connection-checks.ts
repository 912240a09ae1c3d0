import { loose, word, type Loose } from './loose.ts';
import type { SiteProblem } from './problems.ts';
import { ERP_STATUSES } from './schema.ts';

/** Writes that were staged or rejected are no orders: few installations show them, so their letters may stay unnamed. */
const SELDOM_SHOWN = ['staged', 'rejected'];

/** What is wrong between the settings of the two connections. */
export function connectionProblems(storefront: Loose, erp: Loose): readonly SiteProblem[] {
  return [
    ...credentialProblems('storefront.baseUrl', storefront['baseUrl']),
    ...credentialProblems('erp.baseUrl', erp['baseUrl']),
    ...environmentProblems(storefront, erp),
    ...zoneProblems(erp),
    ...statusProblems(erp),
    ...timeProblems(erp),
  ];
}

/** An address is shown in logs and messages, so no secret may be in it. */
function credentialProblems(path: string, value: unknown): readonly SiteProblem[] {
  const url = addressOf(value);
  if (!url || (url.username === '' && url.password === '' && url.search === '' && url.hash === '')) return [];
  return [
    {
      path,
      wrong: 'it holds a user, a password, or something after ? or #',
      mend: 'Write the bare address. Secrets go to the settings made for them, as env:NAME or file:PATH.',
    },
  ];
}

function environmentProblems(storefront: Loose, erp: Loose): readonly SiteProblem[] {
  const { environment } = erp;
  const segments = loose(erp['environmentSegments']);
  const segmentOf = (name: 'test' | 'live') => word(segments[name]) || name.toUpperCase();
  if (segmentOf('test').toUpperCase() === segmentOf('live').toUpperCase())
    return [
      {
        path: 'erp.environmentSegments',
        wrong: `test and live are both “${segmentOf('test')}”, so nobody can tell them apart`,
        mend: 'Name the segment of the address that differs between the two.',
      },
    ];
  if (environment !== 'test' && environment !== 'live') return [];
  const problems: SiteProblem[] = [];
  const url = addressOf(erp['baseUrl']);
  const last = url?.pathname.split('/').findLast(Boolean) ?? '';
  const wanted = segmentOf(environment);
  if (url && last.toUpperCase() !== wanted.toUpperCase())
    problems.push({
      path: 'erp.baseUrl',
      wrong: `it ends in “${last}”, but the environment is declared as ${environment} (“${wanted}”)`,
      mend:
        last === 'api'
          ? 'Leave /api out: Instep adds it.'
          : 'Make address and environment agree; no order may go to the wrong one.',
    });
  if (environment === 'live' && addressOf(storefront['baseUrl'])?.hostname === 'test.app.sparklayer.io')
    problems.push({
      path: 'storefront.baseUrl',
      wrong: 'it is the test storefront, but the ERP is live: test purchases would be shipped',
      mend: 'Write https://app.sparklayer.io, or connect the ERP of the test environment.',
    });
  return problems;
}

function zoneProblems(erp: Loose): readonly SiteProblem[] {
  const { zone } = erp;
  if (typeof zone !== 'string' || zone.trim() === '' || isZone(zone.trim())) return [];
  return [
    {
      path: 'erp.zone',
      wrong: `“${zone}” is no time zone`,
      mend: 'Write an IANA zone such as US/Eastern or Europe/London.',
    },
  ];
}

/** An offset such as +02:00 knows no summer time, so it is none. */
function isZone(zone: string): boolean {
  try {
    void Intl.DateTimeFormat('en', { timeZone: zone });
    return /^[A-Za-z]/.test(zone);
  } catch {
    return false;
  }
}

function statusProblems(erp: Loose): readonly SiteProblem[] {
  const given = erp['statusLetters'];
  if (given === null || typeof given !== 'object' || Array.isArray(given)) return [];
  const letters = Object.keys(given).map((letter) => letter.trim().toUpperCase());
  const twice = Object.keys(given).filter((_, index) => {
    const letter = letters[index] ?? '';
    return letter !== '' && letters.indexOf(letter) < index;
  });
  const named = new Set(Object.values(given).map(String));
  const missing = ERP_STATUSES.filter((status) => !SELDOM_SHOWN.includes(status) && !named.has(status));
  return [
    ...twice.map((letter) => ({
      path: `erp.statusLetters.${letter}`,
      wrong: `the letter ${letter.trim().toUpperCase()} has two meanings: upper and lower case are the same`,
      mend: 'Keep one.',
    })),
    ...(missing.length > 0
      ? [
          {
            path: 'erp.statusLetters',
            wrong: `no letter means ${missing.join(', ')}`,
            mend: 'Name the letter of each; leave the setting out for the usual ones.',
          },
        ]
      : []),
  ];
}

function timeProblems(erp: Loose): readonly SiteProblem[] {
  const problems: SiteProblem[] = [];
  const { from, to } = loose(erp['freezeWindow']);
  if (typeof from === 'string' && from === to)
    problems.push({
      path: 'erp.freezeWindow',
      wrong: `it begins and ends at ${from}: never or always, nobody can tell`,
      mend: 'Write two different times, or none.',
    });
  const over = (path: string, short: number, long: number, wrong: string, mend: string) => {
    if (long < short) problems.push({ path, wrong, mend });
  };
  const overlap = number(erp['overlapMinutes'], 10);
  const overlapBack = number(erp['overlapMinutesWhenClocksGoBack'], 70);
  over(
    'erp.overlapMinutesWhenClocksGoBack',
    overlap,
    overlapBack,
    `${overlapBack} is less than the ${overlap} of other nights`,
    'Write at least an hour more than overlapMinutes: that night one hour comes twice.',
  );
  const cycle = number(erp['importCycleSeconds'], 300);
  const overdue = number(erp['importOverdueSeconds'], 1800);
  over(
    'erp.importOverdueSeconds',
    cycle,
    overdue,
    `${overdue} is less than one cycle of the import job (${cycle}): every order would alarm`,
    'Write several cycles; 1800 for a cycle of 300.',
  );
  return problems;
}

function addressOf(value: unknown): URL | null {
  return typeof value === 'string' ? URL.parse(value) : null;
}

function number(value: unknown, otherwise: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}
