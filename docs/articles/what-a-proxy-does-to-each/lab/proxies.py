"""The configurations of nginx and HAProxy in front of the origin."""

from __future__ import annotations


def nginx(origin: int, *, location: str = "", server: str = "", listen: str = "") -> str:
    """Write a configuration for nginx with one worker; *location* goes into the location that proxies."""
    return f"""
worker_processes 1;
events {{ }}
http {{
    access_log access.log;
    server {{
        listen 127.0.0.1:{{port}} {listen};
        {server}
        location / {{
            proxy_pass http://127.0.0.1:{origin};
            {location}
        }}
    }}
}}
"""


UPGRADE = "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;"
"""The three lines that nginx needs to pass a WebSocket on."""


def haproxy(
    origin: int,
    *,
    client: str = "60s",
    server: str = "60s",
    tunnel: str = "60s",
    bind: str = "",
    more: str = "",
    over: str = "",
) -> str:
    """Write a configuration for HAProxy with one thread; *more* goes into the proxy, *over* into the global section."""
    return f"""
global
    nbthread 1
    {over}
    log stdout format raw local0 info
defaults
    mode http
    log global
    option httplog
    timeout connect 10s
    timeout client {client}
    timeout server {server}
    timeout tunnel {tunnel}
listen web
    bind 127.0.0.1:{{port}} {bind}
    {more}
    server origin 127.0.0.1:{origin}
"""
