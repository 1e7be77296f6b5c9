export { startHub, type Hub, type HubOptions } from './hub.ts'
export { HomeError } from './home.ts'
export { silentLog, type Log } from './log.ts'
export { describeSettings, readSettings, SettingError, settingRows, settingsWith, type Settings } from './settings.ts'
