#!/usr/bin/env python3
"""Follow what happens to all rollouts, by the stream of Serinus' API. Standard library alone.

    python3 follow.py http://127.0.0.1:8080 [LAST_ID_FILE]

Prints a line for each rollout that changes. The id of the last change is kept, in the file if one is named:
after a lost connection, and after a restart, only what changed meanwhile is told. A token to log in with is
read from the file that SERINUS_TOKEN_FILE names. The server sends something every 15 seconds: a connection that is
silent for a minute (SERINUS_SILENCE_SECONDS) is given up, and another one made.
"""
import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.request

SILENCE = float(os.environ.get("SERINUS_SILENCE_SECONDS", "60"))


def events(lines):
    """Puts the lines of a stream together to (type, id, data)."""
    kind, ident, data = "message", None, []
    for line in lines:
        line = line.decode("utf-8").rstrip("\r\n")
        if not line:
            if data:
                yield kind, ident, "\n".join(data)
            kind, ident, data = "message", None, []
        elif not line.startswith(":"):
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if field == "event":
                kind = value
            elif field == "id":
                ident = value
            elif field == "data":
                data.append(value)


def tell(kind, data):
    """What to do with an event: here, print it."""
    if kind in ("rollouts", "rollout"):
        for each in data if kind == "rollouts" else [data]:
            print("{cluster}/{namespace}/{name} {phase} {canaryWeight}%".format(**each), flush=True)
    elif kind == "gone":
        print("{cluster}/{namespace}/{name} gone".format(**data), flush=True)
    elif kind == "over":
        sys.exit("the login is over: " + data["because"])


def follow(url, kept):
    last = ""
    if kept and os.path.exists(kept):
        with open(kept, encoding="utf-8") as file:
            last = file.read().strip()
    while True:
        headers = {"Accept": "text/event-stream"}
        if last:
            headers["Last-Event-ID"] = last
        if "SERINUS_TOKEN_FILE" in os.environ:
            with open(os.environ["SERINUS_TOKEN_FILE"], encoding="utf-8") as file:
                headers["Authorization"] = "Bearer " + file.read().strip()
        request = urllib.request.Request(url.rstrip("/") + "/api/v1/stream", headers=headers)
        pause = 2.0
        try:
            with urllib.request.urlopen(request, timeout=SILENCE) as answer:
                for kind, ident, data in events(answer):
                    tell(kind, json.loads(data))
                    if ident:  # only now: what was not handled is told again
                        last = ident
                        if kept:
                            with open(kept, "w", encoding="utf-8") as file:
                                file.write(last)
        except urllib.error.HTTPError as refused:
            if refused.code not in (429, 502, 503, 504):
                sys.exit("refused: {} {}".format(refused.code, refused.reason))
            pause = float(refused.headers.get("Retry-After") or pause)
        except (OSError, http.client.HTTPException) as lost:
            print("lost: {}".format(lost), file=sys.stderr, flush=True)
        time.sleep(pause)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    follow(sys.argv[1], sys.argv[2] if len(sys.argv) == 3 else None)
