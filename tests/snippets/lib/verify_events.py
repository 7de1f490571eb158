"""Judges deliveries with the reference library for Python: one of JSON a line in, `1` or `0` a line out."""
import base64
import json
import sys

from standardwebhooks.webhooks import Webhook

for line in sys.stdin:
    given = json.loads(line)
    try:
        Webhook(given["secret"]).verify(base64.b64decode(given["body"]), given["headers"])
        print(1)
    except Exception:
        print(0)
