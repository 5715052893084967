import type { FlashReport } from './flash-window.ts';
import { FLASH_UNITS, type Workload } from './workloads.ts';
import type { WrkReport } from './wrk-window.ts';

/**
 * Compares what the generator was told with what left the shelf. Requests on their way when it hung up, one a connection,
 * may or may not have been carried out; everything else must add up.
 */
export function countProblems(
  report: WrkReport,
  { name, unitsAHold }: Workload,
  connections: number,
  takenUnits: number,
): readonly string[] {
  const { least, most } = bounds(report, name, unitsAHold, connections);
  return [
    ...(report.broken > 0 ? [`${report.broken} requests had no answer`] : []),
    ...(takenUnits < least ? [`${least} units were acknowledged, ${takenUnits} left the shelf`] : []),
    ...(takenUnits > most ? [`${takenUnits} units left the shelf, at most ${most} were asked for`] : []),
  ];
}

/** Every attempt was answered, so the counts are exact. */
export function flashProblems({ held, refused }: FlashReport, takenUnits: number): readonly string[] {
  return [
    ...(held > FLASH_UNITS ? [`${held} of ${FLASH_UNITS} units were sold`] : []),
    ...(held < FLASH_UNITS && refused === 0
      ? [`${held} of ${FLASH_UNITS} units were sold, then refused as sold out`]
      : []),
    ...(held !== takenUnits ? [`${held} units were acknowledged, ${takenUnits} left the shelf`] : []),
  ];
}

interface Bounds {
  readonly least: number;
  readonly most: number;
}

function bounds(report: WrkReport, name: Workload['name'], units: number, connections: number): Bounds {
  const { holdsSent, holdsAcked, releasesSent, releasesAcked, answers, refused } = report;
  switch (name) {
    case 'churn':
      return { least: holdsAcked - releasesSent, most: holdsSent - releasesAcked };
    // Answers to reads and to holds are not told apart.
    case 'reads':
      return { least: (holdsSent - connections - refused) * units, most: holdsSent * units };
    case 'hot':
    case 'zipf':
    case 'basket8':
      return { least: (answers - refused) * units, most: (answers - refused + connections) * units };
    case 'flash':
    case 'availability':
    case 'hello':
    case 'hello_open':
      return { least: 0, most: 0 };
  }
}
