"""How gunicorn serves the portal, in a container as on a desk; what differs comes from the environment."""

import os

bind = f"{os.environ.get('WEB_HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
# The code is read once and shared; nothing is connected before the workers part.
preload_app = True
timeout = 60
graceful_timeout = 20
control_socket_disable = True
