// The made-up agency's table of medicines. Never part of the app.

import type { Failure, MedicineRows, MedicineTable, Reply, Request } from '../../generated';
import { DAY_MS, NOW } from './fake-ids';

const ROWS: MedicineRows = {
  interactions: [
    { line: 2, left: 'zorbamine', right: 'MAO inhibitors', severity: 'serious', effect: 'Dizziness, falls.', source: 'Clinic pharmacist', year: 2026 },
    { line: 3, left: 'zorbamine', right: 'warfarin; apixaban', severity: 'contraindicated', effect: 'Bleeding.', source: 'Clinic pharmacist', year: 2026 },
  ],
  names: 14,
  others: 3,
  refused: [],
};
const DOUBTFUL: MedicineRows = {
  ...ROWS,
  refused: [
    { code: 'unknown', line: 7, name: 'zorbamin' },
    { code: 'extra', line: 11, column: 9 },
    { code: 'taken', line: 12, name: 'Coumadin' },
  ],
};
const EXAMPLE = [
  'interaction,clinic-2,zorbamine,warfarin,contraindicated,Clinic pharmacist,2026,Bleeding.',
  'name,zorbamine,Zorbex;Zorba XR',
  'product,Zorbex Plus,zorbamine;aspirin',
  'class,zorbas,zorbamine',
  'allergy,zorba family,zorbas,zorbamine,spread,',
  'lasting,zorbas,14',
].join('\n');

type Asked = Extract<Request, { type: 'medicine_table' | 'preview_medicines' | 'set_medicines' | 'remove_medicines' }>;

export class FakeMedicines {
  #standing: MedicineTable | null;
  readonly #admin: boolean;

  constructor(params: URLSearchParams) {
    this.#admin = params.get('role') === 'admin';
    this.#standing = params.has('medicines') ? { written: { author: 'Dana Ito', at: NOW - 3 * DAY_MS }, rows: ROWS, text: EXAMPLE } : null;
  }

  answer(request: Asked): Reply {
    if (request.type === 'medicine_table') {
      const ignored = this.#standing === null ? [] : [{ author: 'Lee Okafor', at: NOW - DAY_MS }];
      return {
        type: 'medicine_table',
        table: { standing: this.#standing, ignored, may_change: this.#admin, example: EXAMPLE, own_version: '2026-11-23' },
      };
    }
    const failure: Failure = { code: 'not_allowed' };
    if (!this.#admin) return { type: 'failed', failure };
    if (request.type === 'preview_medicines') {
      const text = new TextDecoder().decode(request.file);
      const broken: MedicineRows = { interactions: [], names: 0, others: 0, refused: [{ code: 'quote', line: 4 }] };
      return { type: 'medicine_preview', rows: text.includes('"') ? broken : DOUBTFUL };
    }
    this.#standing =
      request.type === 'remove_medicines' ? null : { written: { author: 'Sam Rivera', at: NOW }, rows: DOUBTFUL, text: EXAMPLE };
    return { type: 'done' };
  }
}
