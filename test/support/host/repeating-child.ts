/** A media child that does nothing but repeat the ICE servers of its plan. */
process.on('message', (message: { type: string; plan?: { iceServers: unknown } }) => {
  if (message.type === 'stop') process.exit(0);
  if (message.type === 'release') process.send?.({ type: 'released' });
  if (message.type === 'prepare') {
    process.send?.({ type: 'notice', text: JSON.stringify(message.plan?.iceServers) });
  }
});
process.once('disconnect', () => process.exit(0));
