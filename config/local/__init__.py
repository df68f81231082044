"""Everything on one machine: child processes, embedded servers, ports, state. Production needs none of it."""
