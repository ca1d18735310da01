// Loaded before Azurite (node --require): with it a request costs the same however much is stored, as with the real service.
const routes = require.resolve('./node_modules/uri-templates');
const parse = require(routes);

// It tries the patterns of all requests on each one that comes, and parses every pattern anew for that.
const parsed = new Map();
require.cache[routes].exports = pattern => parsed.get(pattern) ?? parsed.set(pattern, parse(pattern)).get(pattern);

require('./tables-by-key.cjs');
require('./blobs-by-name.cjs');
