/** A media child that says the same thing without end. */
process.on('disconnect', () => process.exit());
function flood(): void {
  for (let count = 0; count < 1_000; count += 1) process.send?.({ type: 'pong' });
  setImmediate(flood);
}
flood();
