// The recovery kit of the made-up agency. Never part of the app.

import type { KitView, SheetView } from '../../generated';
import { NOW } from './fake-ids';

const EN = ['abandon', 'harvest', 'window', 'silver', 'guitar', 'orange', 'bridge', 'candle'];
const ES = ['ábaco', 'gallina', 'ventana', 'mármol', 'fuente', 'naranja', 'puente', 'cometa'];

function sheet(label: string): SheetView {
  const three = (list: string[]): string[] => [...list, ...list, ...list];
  return { words: { en: three(EN), es: three(ES) }, code: `${label} https://satchel.example ${three(EN).join(' ')}`, checked: false };
}

export const kitView = (): KitView => ({
  agency: 'ab12'.repeat(16),
  name: 'Riverside Case Services',
  url: 'https://satchel.example',
  at: NOW,
  root: sheet('SATCHEL-ROOT'),
  recovery: sheet('SATCHEL-RECOVERY'),
});
