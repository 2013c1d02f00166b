/** How long an access token is good, in seconds. */
export const accessTokenSeconds = 15 * 60;

/** After so many seconds no access token is good, also by a clock that is a minute behind. */
export const longestTokenSeconds = accessTokenSeconds + 60;
