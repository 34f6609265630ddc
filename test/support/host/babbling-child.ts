/** A media child that says what no media child says. */
process.on('disconnect', () => process.exit());
process.send?.({ type: 'offer', sdp: 7 });
