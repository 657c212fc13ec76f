import type { defineSetupPluginEntry } from 'openclaw/plugin-sdk/channel-core';
import { telephonyPlugin } from './plugin.ts';

type Entry = ReturnType<typeof defineSetupPluginEntry<typeof telephonyPlugin>>;

/** What `openclaw channels add` loads. */
const entry: Entry = { plugin: telephonyPlugin };

export default entry;
