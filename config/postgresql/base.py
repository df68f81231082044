"""Whether a connection kept from the last request still works, found out without asking the server."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """False once the server has hung up or said goodbye.

        Between requests a server has nothing to say: if there is something to read on the socket, it is the end of
        the connection (a restart, a failover, an administrator) or its announcement. Django asks with `SELECT 1`,
        which every request would pay for with one more way to the server and back.
        """
        if self.connection is None or self.connection.closed:
            return False
        poll = select.poll()
        poll.register(self.connection.fileno(), select.POLLIN)
        return not poll.poll(0)
