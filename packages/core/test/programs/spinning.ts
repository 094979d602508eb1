// Wants a processor all the time, until it is killed, or forgotten.
while (performance.now() < 60_000);
