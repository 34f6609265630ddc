/** A media child that does nothing until it is told to stop. */
process.on('message', (message: { type: string }) => {
  if (message.type === 'stop') process.exit();
});
process.on('disconnect', () => process.exit());
