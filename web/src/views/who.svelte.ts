// Whose profile this window has open, as far as it has been told: to greet by name at the lock.

const state = $state({ name: '' });

export const who = {
  get name(): string {
    return state.name;
  },
  remember(name: string): void {
    state.name = name;
  },
  forget(): void {
    state.name = '';
  },
};
