// Shown data that follow the engine: asked once, asked again whenever something changed. Owns the
// rules that the last answer stays in sight while a newer one is on its way, that one question is
// under way at a time, and that an answer to an older question never replaces a newer one's.

import type { Client } from '../client';
import type { Failure, Request } from '../generated';
import { ask, type Answer, type ReplyType } from './ask';

type Good<Type extends ReplyType> = Extract<Answer<Type>, { ok: true }>['reply'];

export interface Live<Type extends ReplyType> {
  readonly reply: Good<Type> | undefined;
  readonly failure: Failure | undefined;
  refresh(): void;
}

/**
 * Call while a component is set up. `question` is tracked: when what it reads changes it is asked
 * again. `concerns` says whether a change of these cases (none named: any) matters.
 */
export function live<Type extends ReplyType>(
  client: Client,
  expected: Type,
  question: () => Request,
  concerns: (cases: string[]) => boolean = () => true,
): Live<Type> {
  let shown = $state.raw<{ reply: Good<Type> | undefined; failure: Failure | undefined }>({
    reply: undefined,
    failure: undefined,
  });
  let request: Request | undefined;
  let underWay = false;
  let again = false;
  let gone = false;

  async function run(): Promise<void> {
    if (underWay) {
      again = true;
      return;
    }
    underWay = true;
    do {
      again = false;
      const asked = request;
      if (asked === undefined) break;
      const answer = await ask(client, asked, expected);
      if (gone) return;
      if (asked !== request) continue;
      shown = answer.ok
        ? { reply: answer.reply, failure: undefined }
        : { reply: shown.reply, failure: answer.failure };
    } while (again);
    underWay = false;
  }

  $effect(() => {
    request = question();
    void run();
  });
  $effect(() => {
    gone = false;
    const stop = client.onChanged((cases) => {
      if (cases.length === 0 || concerns(cases)) void run();
    });
    return () => {
      gone = true;
      stop();
    };
  });

  return {
    get reply() {
      return shown.reply;
    },
    get failure() {
      return shown.failure;
    },
    refresh: () => void run(),
  };
}
