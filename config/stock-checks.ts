import { list, loose, word, type Loose } from './loose.ts';
import type { SiteProblem } from './problems.ts';

const PSEUDO_LOCATIONS = ['POE', 'FOB'];

interface FeedRow {
  readonly path: string;
  readonly location: string;
  readonly from: readonly { readonly path: string; readonly division: string; readonly warehouse: string }[];
}

/** What of the stock section only the rest of the file can tell: codes, locations and warehouses that fit together. */
export function stockProblems(site: Loose): readonly SiteProblem[] {
  const stock = loose(site['stock']);
  const own = ownFeeds(stock);
  const feeds = own.length > 0 ? own : tableFeeds(loose(site['locations']));
  return [
    ...repeatedFeeds(own),
    ...strangeDivisions(own, list(site['divisions']).map(word)),
    ...pseudoWarehouses(feeds, stock),
    ...buffersForNothing(feeds, loose(stock['buffers'])),
    ...(stock['writes'] === 'on' && feeds.length === 0
      ? [
          {
            path: 'stock.writes',
            wrong: 'no storefront location is fed by a warehouse, so there is nothing to write',
            mend: 'Fill in locations.table, or stock.feeds.',
          },
        ]
      : []),
  ];
}

function ownFeeds(stock: Loose): readonly FeedRow[] {
  return list(stock['feeds'])
    .map(loose)
    .map((feed, index) => ({
      path: `stock.feeds[${index}]`,
      location: word(feed['location']),
      from: list(feed['from'])
        .map(loose)
        .map((row, place) => ({
          path: `stock.feeds[${index}].from[${place}]`,
          division: word(row['division']),
          warehouse: word(row['warehouse']),
        })),
    }));
}

function tableFeeds(locations: Loose): readonly FeedRow[] {
  return list(locations['table'])
    .map(loose)
    .map((row, index) => ({
      path: `locations.table[${index}]`,
      location: word(row['location']),
      from: Object.entries(loose(row['warehouses'])).map(([division, warehouse]) => ({
        path: `locations.table[${index}].warehouses.${division}`,
        division,
        warehouse: word(warehouse),
      })),
    }));
}

function repeatedFeeds(feeds: readonly FeedRow[]): readonly SiteProblem[] {
  const locations = feeds.map(({ location }) => location);
  return feeds.flatMap(({ path, location, from }, index) => {
    const parts = from.map(({ division, warehouse }) => `${division} ${warehouse}`);
    return [
      ...(location !== '' && locations.indexOf(location) < index
        ? [
            {
              path: `${path}.location`,
              wrong: `the location “${location}” is fed twice`,
              mend: 'Put all its warehouses into one row.',
            },
          ]
        : []),
      ...from.flatMap((row, place) =>
        parts.indexOf(parts[place] ?? '') < place
          ? [{ path: row.path, wrong: `${parts[place]} would count twice`, mend: 'Keep one.' }]
          : [],
      ),
    ];
  });
}

function strangeDivisions(feeds: readonly FeedRow[], divisions: readonly string[]): readonly SiteProblem[] {
  return feeds
    .flatMap(({ from }) => from)
    .filter(({ division }) => division !== '' && divisions.length > 0 && !divisions.includes(division))
    .map(({ path, division }) => ({
      path: `${path}.division`,
      wrong: `division “${division}” is not one of ${divisions.join(', ')}`,
      mend: 'Correct it, or add it to divisions.',
    }));
}

/** Goods booked to a port or a supplier are not in a warehouse (contract, section 7). */
function pseudoWarehouses(feeds: readonly FeedRow[], stock: Loose): readonly SiteProblem[] {
  const given = stock['pseudoLocations'];
  const pseudo = (given === undefined ? PSEUDO_LOCATIONS : list(given).map(word)).map((code) => code.toUpperCase());
  return feeds
    .flatMap(({ from }) => from)
    .filter(({ warehouse }) => pseudo.includes(warehouse.toUpperCase()))
    .map(({ path, warehouse }) => ({
      path: path.startsWith('stock.') ? `${path}.warehouse` : path,
      wrong: `“${warehouse}” is no warehouse: what is booked there does not lie anywhere yet`,
      mend: 'Remove it, or take it out of stock.pseudoLocations.',
    }));
}

function buffersForNothing(feeds: readonly FeedRow[], buffers: Loose): readonly SiteProblem[] {
  const locations = feeds.map(({ location }) => location);
  return Object.keys(loose(buffers['locations']))
    .filter((location) => !locations.includes(location))
    .map((location) => ({
      path: `stock.buffers.locations.${location}`,
      wrong: `no warehouse feeds the location “${location}”`,
      mend: `Name one of ${locations.join(', ') || 'the locations of locations.table'}.`,
    }));
}
