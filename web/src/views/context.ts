// Gives every view the client, and who is at the tablet, without handing them down.

import { createContext } from 'svelte';
import type { Client } from '../client';
import type { Me } from '../generated';

export const [useClient, provideClient] = createContext<Client>();

/** Only under an open vault. A function, since a role may change while the vault is open. */
export const [useMe, provideMe] = createContext<() => Me>();
