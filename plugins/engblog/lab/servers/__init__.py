"""Real servers, each in a throw-away folder, listening only on 127.0.0.1; one module for each product.

Every class has the same shape: construct, :meth:`~Server.start`, use ``port``, :meth:`~Server.send` or
:meth:`~Server.stop`, read :attr:`~Server.log`. A stopped server can be started again on the same data, as
crash-recovery tests do.
"""

from __future__ import annotations

from engblog.lab.servers.base import Server
from engblog.lab.servers.haproxy import HAProxy
from engblog.lab.servers.mariadb import MariaDB
from engblog.lab.servers.memcached import Memcached
from engblog.lab.servers.mysql import MySQL
from engblog.lab.servers.nats import NATS
from engblog.lab.servers.nginx import Nginx
from engblog.lab.servers.pgbouncer import PgBouncer
from engblog.lab.servers.postgresql import PostgreSQL
from engblog.lab.servers.redis import Redis

__all__ = [
    "NATS", "HAProxy", "MariaDB", "Memcached", "MySQL", "Nginx", "PgBouncer", "PostgreSQL", "Redis", "Server",
]  # fmt: skip
