// Loaded into the process that is measured: writes down at its end how much memory it took at most, in kilobytes.
const { writeFileSync } = require('node:fs');

process.on('exit', () => {
  const { PEAK_MEMORY_FILE = '' } = process.env;
  writeFileSync(PEAK_MEMORY_FILE, String(process.resourceUsage().maxRSS));
});
