import { severityOf, SEVERITIES, type Severity } from '../cases/severity-of.ts';
import { noteOfProblem } from '../problem-notes/note-of-problem.ts';
import { problemCodes, problemKind, type ProblemCode, type Repair } from '../problems.ts';
import { REPAIR_WORDS } from '../repair-words.ts';
import type { Owner } from '../site-rules.ts';
import type { HandoverSchedule, HandoverSite } from './handover-site.ts';
import { ownedRecords, type OwnedRecord } from './owned-records.ts';
import { timingInWords } from './timing-words.ts';
import { whomToCall, type CallChain } from './whom-to-call.ts';

/** The handover manual of a site: one chapter for each team. */
export interface Manual {
  readonly site: string;
  /** Of the site file from which it was made. */
  readonly version: string;
  /** ISO instant. */
  readonly at: string;
  readonly places: readonly Place[];
  readonly chapters: readonly Chapter[];
}

/** Where something is looked up. */
export interface Place {
  readonly what: string;
  readonly where: string;
}

export interface Chapter {
  readonly owner: Owner;
  readonly name: string;
  readonly intro: string;
  readonly records: readonly OwnedRecord[];
  readonly runs: readonly Run[];
  /** The most urgent first. */
  readonly alerts: readonly AlertMeaning[];
  /** What this team may press on an order. */
  readonly presses: readonly { readonly repair: Repair; readonly does: string }[];
  readonly call: CallChain;
}

export interface Run {
  readonly what: string;
  readonly when: string;
}

export interface AlertMeaning {
  readonly code: ProblemCode;
  readonly severity: Severity;
  readonly happened: string;
  readonly mend: string;
  readonly isNot: string;
  readonly press: readonly Repair[];
}

const TEAMS: readonly { readonly owner: Owner; readonly intro: string }[] = [
  { owner: 'ecommerce', intro: 'The storefront: what buyers see, place and change.' },
  { owner: 'finance', intro: 'Customers of the ERP, prices, invoices, credit.' },
  { owner: 'warehouse', intro: 'Stock, locations, picks, carriers.' },
  { owner: 'integration', intro: 'The site file, the connections, and everything between the two systems.' },
];

/** Whom a schedule concerns besides integration, whom all of them do; one that is not here concerns everybody. */
const CONCERNS: Readonly<Record<string, readonly Owner[]>> = {
  'poll-purchases': ['ecommerce'],
  'poll-erp-documents': ['finance', 'warehouse'],
  'sweep-purchases': ['ecommerce'],
  'sync-inventory': ['ecommerce', 'warehouse'],
  'sync-products': ['ecommerce'],
  'sync-prices': ['ecommerce', 'finance'],
  'sync-customers': ['ecommerce', 'finance'],
};

/** Writes the manual from a site's own settings; needs no server, and shows no secret. */
export function writeManual(
  site: HandoverSite,
  schedules: readonly HandoverSchedule[],
  { at, zone }: { readonly at: string; readonly zone: string },
): Manual {
  const records = ownedRecords(site);
  return {
    site: site.name,
    version: site.version,
    at,
    places: placesOf(site),
    chapters: TEAMS.map(({ owner, intro }) => {
      const alerts = alertsOf(site, owner);
      const presses = [...new Set(alerts.flatMap(({ press }) => press))];
      return {
        owner,
        name: site.owners[owner].name,
        intro,
        records: records.filter(({ team }) => team === owner),
        runs: [
          ...schedules
            .filter(({ isOn, name }) => isOn && concerns(name, owner))
            .map(({ note, timing }) => ({ what: note, when: timingInWords(timing, zone) })),
          ...nightsOf(site, owner),
        ],
        alerts,
        presses: presses.map((repair) => ({ repair, does: REPAIR_WORDS[repair].does })),
        call: whomToCall(site, owner),
      };
    }),
  };
}

function concerns(schedule: string, owner: Owner): boolean {
  return owner === 'integration' || (CONCERNS[schedule]?.includes(owner) ?? true);
}

function alertsOf({ cases }: HandoverSite, owner: Owner): readonly AlertMeaning[] {
  return problemCodes()
    .filter((code) => problemKind(code).owner === owner)
    .map((code) => {
      const { mend, press } = problemKind(code);
      const note = noteOfProblem(code);
      return {
        code,
        severity: severityOf(code, cases.severities),
        happened: note?.happened ?? mend,
        mend,
        isNot: note?.isNot ?? '',
        press,
      };
    })
    .toSorted((one, other) => SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity));
}

/** What is not a schedule and yet has its hours. */
function nightsOf({ erp }: HandoverSite, owner: Owner): readonly Run[] {
  if (owner === 'ecommerce' || erp.freezeWindow === null) return [];
  const { from, to } = erp.freezeWindow;
  return [
    {
      what: 'Nothing is entered into the ERP; orders wait, they do not fail',
      when: `every day from ${from} to ${to}${to < from ? ' of the next day' : ''} (${erp.zone})`,
    },
  ];
}

function placesOf({ name, storefront, erp, alerts, goLive }: HandoverSite): readonly Place[] {
  return [
    {
      what: 'Purchases, products, customers of the storefront',
      where: `${storefront.baseUrl} (site ${storefront.siteId})`,
    },
    { what: 'Orders, stock, customers, invoices of the ERP', where: `${erp.baseUrl} (${erp.environment})` },
    {
      what: 'The page of an order or of a case: where it stands, what is wrong, what to press',
      where: alerts.temporalUi || 'not named in the site file (alerts.temporalUi)',
    },
    { what: 'Reports and audits', where: 'the folder of reports, by site and date' },
    { what: 'Open cases, of all teams', where: `instep cases --site ${name}` },
    { what: 'The page of each alert', where: 'docs/problems, by its code' },
    {
      what: 'Purchases placed before the go-live',
      where: `left alone: before ${goLive.slice(0, 16).replace('T', ' ')} UTC`,
    },
  ];
}
