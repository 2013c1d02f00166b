import type { Config } from '../../infra/config.js';

/** What the console's pages are told of the platform; none of it is secret. */
export type ConsoleSettings = Readonly<{
  /** Address of Temporal's web UI. */
  temporalUiUrl: string;
  /** Address of Jaeger's web pages; `null` where there is no Jaeger. */
  jaegerUrl: string | null;
  /** The names of the views. */
  views: readonly string[];
}>;

type Named = Readonly<{ view: Readonly<{ name: string }> }>;

export const consoleSettings = (config: Config, views: readonly Named[]): ConsoleSettings => ({
  temporalUiUrl: config.TEMPORAL_UI_URL,
  jaegerUrl: config.JAEGER_UI_URL ?? config.JAEGER_QUERY_URL ?? null,
  views: views.map(({ view }) => view.name),
});
