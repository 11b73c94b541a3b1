"""Real servers on loopback, each started with its own configuration; run a module by hand to try one."""
