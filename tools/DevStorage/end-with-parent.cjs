// Loaded before Azurite (node --require): ends it in good order when whoever started it is gone, however that happened, because then
// its standard input ends.
const end = () => process.kill(process.pid, 'SIGTERM');
process.stdin.on('end', end).on('error', end).resume();
