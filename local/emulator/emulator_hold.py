"""Answers that never arrive, for trials of a killed run: `PUT /pe-hold/CreateKey` lets every later
call of that name happen and keeps its answer back, `DELETE` lets go, `GET` tells how many are held.
A call's name is its action, its target, or its method and path.
"""
import re
import threading
from io import BytesIO

held: dict[str, int] = {}
let_go: dict[str, threading.Event] = {}
switch = re.compile(r"^/pe-hold/(.+)$")


def name_of(environ, body):
    action = re.search(rb"(?:^|&)Action=(\w+)", body)
    target = environ.get("HTTP_X_AMZ_TARGET", "").split(".")[-1]
    path = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
    return action[1].decode() if action else target or path


def with_holds(dispatch):
    def patched(self, environ, start_response):
        found = switch.match(environ["PATH_INFO"])
        if found:
            call, method = found[1], environ["REQUEST_METHOD"]
            if method == "PUT":
                held[call], let_go[call] = 0, threading.Event()
            elif method == "DELETE" and call in let_go:
                let_go.pop(call).set()
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [str(held.get(call, 0)).encode()]
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if not let_go or length == 0:
            return dispatch(self, environ, start_response)
        body = environ["wsgi.input"].read(length)
        environ["wsgi.input"] = BytesIO(body)
        name = name_of(environ, body)
        answer = dispatch(self, environ, start_response)
        for call, gone in list(let_go.items()):
            if re.search(call, name):
                held[call] += 1
                gone.wait()
        return answer

    return patched
