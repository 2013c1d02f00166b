import { render } from 'preact';
import { App } from './app.js';
import type { Settings } from './console.js';

const settings = (await (await fetch('/console/settings.json')).json()) as Settings;
render(<App settings={settings} />, document.body);
