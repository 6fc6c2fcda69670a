/** The window's start: the newest build first, then the views. */

import { mount } from 'svelte';
import { createClient } from './client';
import { keepForOffline, takeOverByNewBuild } from './platform/offline';
import App from './views/App.svelte';

async function start(): Promise<void> {
  if (import.meta.env.PROD && (await takeOverByNewBuild())) return;
  const target = document.getElementById('app');
  if (target !== null) mount(App, { target, props: { client: createClient() } });
  if (import.meta.env.PROD) await keepForOffline();
}

void start();
