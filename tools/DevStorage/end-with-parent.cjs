// Loaded before Azurite (node --require): ends it in good order when whoever started it is gone, however that happened, because then
// its standard input ends.
const end = () => process.kill(process.pid, 'SIGTERM');
process.stdin.on('end', end).on('error', end).resume();

// Every ten minutes it clears away what no blob needs any more, and answers nobody for so long as that takes: minutes, after thousands of blobs.
// Whoever started it for less than a day does not need that; for a storage that stays (`ip dev up`) it is as it was.
if (process.env.AZURITE_KEEPS_ALL) require('./node_modules/azurite/dist/src/blob/utils/constants').DEFAULT_GC_INTERVAL_MS = 24 * 60 * 60 * 1000;
