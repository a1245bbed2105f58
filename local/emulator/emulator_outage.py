"""A region that answers nothing, for trials of a fail-over: `PUT /pe-outage/us-east-1` begins it,
`DELETE` ends it. Global services live in a region, too: their calls are signed for it. Parameters
still answer: by one of them a local run knows its emulator (local/emulator/emulator.ts).
"""
import re

lost: set[str] = set()
switch = re.compile(r"^/pe-outage/([a-z0-9-]+)$")
scope = re.compile(r"Credential=[^/]+/[^/]+/([^/]+)/(?!ssm/)")


def with_outages(dispatch):
    def patched(self, environ, start_response):
        found = switch.match(environ["PATH_INFO"])
        if found:
            (lost.add if environ["REQUEST_METHOD"] == "PUT" else lost.discard)(found[1])
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [", ".join(sorted(lost)).encode()]
        signed = scope.search(environ.get("HTTP_AUTHORIZATION", ""))
        if signed and signed[1] in lost:
            start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
            return [f"{signed[1]} does not answer.".encode()]
        return dispatch(self, environ, start_response)

    return patched
