process.exit(99);
