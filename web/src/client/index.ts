/** The one door between views and worker. */

export type { Client, FailureReason, Phase, ProfileEntry } from './contract';
export { createClient } from './session';
