// Loaded into `openclaw` before anything else: makes it believe that a person sits at a terminal, so that it asks. The
// questions and the keys go through pipes; everything else is the host's own.
for (const stream of [process.stdin, process.stdout, process.stderr]) {
  Object.defineProperty(stream, 'isTTY', { value: true });
}
Object.assign(process.stdin, { setRawMode: () => process.stdin });
Object.assign(process.stdout, {
  columns: 100,
  rows: 40,
  getColorDepth: () => 1,
  hasColors: () => false,
  getWindowSize: () => [100, 40],
});
