import { resolve } from 'node:path';
import { type Settings, settingAt, withSetting } from './settings-tree.ts';

const folderPath = ['media', 'host', 'folder'];
const allowedPath = ['media', 'host', 'allowedFolders'];

/** Makes the folders of media absolute: relative names are relative to the configuration's own folder. */
export function withMediaFolders(settings: Settings, folder: string): Settings {
  const own = settingAt(settings, folderPath);
  const allowed = settingAt(settings, allowedPath);
  let resolved = settings;
  if (typeof own === 'string') resolved = withSetting(resolved, folderPath, resolve(folder, own));
  if (Array.isArray(allowed)) {
    const absolute = allowed.map((each) => resolve(folder, String(each)));
    resolved = withSetting(resolved, allowedPath, absolute);
  }
  return resolved;
}
