// The screens over a client without an engine, served by the dev server only.

import { mount } from 'svelte';
import App from '../App.svelte';
import { FakeClient } from './fake-client';

const target = document.getElementById('app');
if (target) mount(App, { target, props: { client: new FakeClient(new URLSearchParams(location.search)) } });
