/** The channel's and the plugin's id; settings stand under `channels.telephony`. */
export const channelId = 'telephony';
