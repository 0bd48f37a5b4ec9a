"""Exit 0 when the portal in this container answers that it is ready.

It says that it came by HTTPS, as the proxy in front does: otherwise it would be sent there.
"""

import http.client
import os
import sys

connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=5)
connection.request("GET", "/sante/pret", headers={"Host": "127.0.0.1", "X-Forwarded-Proto": "https"})
sys.exit(connection.getresponse().status != 200)
