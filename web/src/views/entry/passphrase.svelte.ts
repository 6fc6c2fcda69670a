// A passphrase typed twice. Owns the checks that can be made before asking the engine.

import { t } from '../../i18n';

/** As the engine demands; it decides, this only saves a round trip. */
const LEN_MIN = 15;

export class NewPassphrase {
  first = $state('');
  second = $state('');
  shown = $state(false);
  error = $state('');
  errorAgain = $state('');

  /** True when it may be sent. */
  check(): boolean {
    this.error = [...this.first].length < LEN_MIN ? t.fail_short_passphrase(LEN_MIN) : '';
    this.errorAgain = this.error === '' && this.first !== this.second ? t.passphrase_differs : '';
    return this.error === '' && this.errorAgain === '';
  }

  wipe(): void {
    this.first = '';
    this.second = '';
  }
}
