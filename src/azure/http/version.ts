/** The version of the action, for its user agent: that of package.json. `npm run release` writes both. */
export const VERSION = '1.0.0'
