// Which screen is first on this tablet: the cases, or the day. No record is in it.

const KEPT_AS = 'satchel.first';

function kept(): boolean {
  try {
    return localStorage.getItem(KEPT_AS) === 'today';
  } catch {
    return false;
  }
}

const state = $state({ today: kept() });

export const first = {
  get today(): boolean {
    return state.today;
  },
  choose(today: boolean): void {
    state.today = today;
    try {
      localStorage.setItem(KEPT_AS, today ? 'today' : 'cases');
    } catch {
      // It holds until the page is closed.
    }
  },
};
