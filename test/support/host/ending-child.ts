/** A media child that cannot do its work. */
process.exit(3);
