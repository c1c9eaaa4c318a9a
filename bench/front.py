"""The shipped nginx configuration on a loopback port: only addresses, certificates and folders are others."""

import re
from pathlib import Path

from cli.places import Places

SHIPPED = Path("deploy/nginx.conf")
_AROUND = """
daemon off; master_process off; worker_processes 1; pid {folder}/front.pid; error_log {folder}/front.log crit;
events {{ worker_connections 256; }}
http {{
  client_body_temp_path {folder}/f1; proxy_temp_path {folder}/f2; fastcgi_temp_path {folder}/f3;
  uwsgi_temp_path {folder}/f4; scgi_temp_path {folder}/f5;
{shipped}
}}
"""


def configuration(folder: Path, *, listen: str, door: str, api: str) -> str:
    """The shipped file for an nginx of one process: `listen` instead of 443, `door` instead of 80, `api` behind it.

    Raises ValueError when the file no longer holds what is replaced here.
    """
    text = (Places().root / SHIPPED).read_text(encoding="utf-8")
    text, encrypted = re.subn(r"(?m)^ *ssl_.*\n", "", text)
    for shipped, ours in {
        "/var/cache/nginx/jingzhong": f"{folder}/cache",
        "/var/log/nginx/jingzhong-error.log": f"{folder}/front.log",
        "listen 443 ssl http2;": f"listen {listen};",
        "listen 80;": f"listen {door};",
        "server 127.0.0.1:8000;": f"server {api};",
    }.items():
        if text.count(shipped) != 1 or not encrypted:
            raise ValueError(f"{SHIPPED} no longer holds {shipped} once")
        text = text.replace(shipped, ours)
    return _AROUND.format(folder=folder, shipped=text)
