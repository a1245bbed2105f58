"""What a replication is made of, as the Database Migration Service answers it: by kind and ARN.

It is kept beside moto's own things (which stay empty), so per region, and a reset of moto drops it.
A status that passes (creating, starting, ...) does so by the next look at it.
"""
import json
import random
import string
from dataclasses import dataclass, field
from datetime import datetime, timezone

from moto.core.responses import ActionResult
from moto.dms.exceptions import (
    InvalidResourceStateFault,
    ResourceAlreadyExistsFault,
    ResourceNotFoundFault,
)
from moto.dms.models import DatabaseMigrationServiceBackend, dms_backends


@dataclass(frozen=True)
class Kind:
    """
    A kind of thing: its name in the API and in ARNs, which of its fields each filter reads, and
    what becomes of a status that passes.
    """

    name: str
    arn_type: str
    filters: dict[str, tuple[str, ...]]
    settled: dict[str, str] = field(default_factory=dict)

    @property
    def identifier(self) -> str:
        return f"{self.name}Identifier"

    @property
    def status(self) -> str:
        return "ReplicationInstanceStatus" if self.name == "ReplicationInstance" else "Status"


group = Kind(
    "ReplicationSubnetGroup",
    "subgrp",
    {"replication-subnet-group-id": ("ReplicationSubnetGroupIdentifier",)},
)
instance = Kind(
    "ReplicationInstance",
    "rep",
    {
        "replication-instance-id": ("ReplicationInstanceIdentifier",),
        "replication-instance-arn": ("ReplicationInstanceArn",),
    },
    {"creating": "available", "modifying": "available"},
)
certificate = Kind(
    "Certificate",
    "cert",
    {"certificate-id": ("CertificateIdentifier",), "certificate-arn": ("CertificateArn",)},
)
endpoint = Kind(
    "Endpoint",
    "endpoint",
    {"endpoint-id": ("EndpointIdentifier",), "endpoint-arn": ("EndpointArn",)},
)
task = Kind(
    "ReplicationTask",
    "task",
    {
        "replication-task-id": ("ReplicationTaskIdentifier",),
        "replication-task-arn": ("ReplicationTaskArn",),
        "replication-instance-arn": ("ReplicationInstanceArn",),
        "endpoint-arn": ("SourceEndpointArn", "TargetEndpointArn"),
    },
    {"creating": "ready", "starting": "running", "stopping": "stopped", "modifying": "stopped"},
)
connection = Kind(
    "Connection",
    "connection",
    {
        "endpoint-arn": ("EndpointArn",),
        "replication-instance-arn": ("ReplicationInstanceArn",),
    },
    {"testing": "successful"},
)
kinds = (group, instance, certificate, endpoint, task, connection)


def with_room(init):
    def patched(self, *args, **kwargs):
        init(self, *args, **kwargs)
        self.kept = {kind.name: {} for kind in kinds}

    return patched


DatabaseMigrationServiceBackend.__init__ = with_room(DatabaseMigrationServiceBackend.__init__)


def now():
    return datetime.now(timezone.utc)


def request_of(self) -> dict:
    return json.loads(self.body or "{}")


def backend_of(self):
    return dms_backends[self.current_account][self.region]


def all_of(self, kind) -> dict[str, dict]:
    return backend_of(self).kept[kind.name]


def settle(kind, thing):
    if kind.settled:
        status = thing[kind.status]
        thing[kind.status] = thing.pop("_settles", None) or kind.settled.get(status, status)
    return thing


def get(self, kind, arn):
    thing = all_of(self, kind).get(arn)
    if thing is None:
        raise ResourceNotFoundFault(f"{kind.name} {arn} not found.")
    return settle(kind, thing)


def found(self, kind, filters) -> list[dict]:
    things = [settle(kind, thing) for thing in all_of(self, kind).values()]
    for each in filters:
        fields = kind.filters[each["Name"]]
        things = [t for t in things if any(t.get(f) in each["Values"] for f in fields)]
    return things


def shown(thing):
    return {key: value for key, value in thing.items() if not key.startswith("_")}


def answer(kind, thing):
    return ActionResult({kind.name: shown(thing)})


def arn_of(self, kind, name=None):
    name = name or "".join(random.choices(string.ascii_uppercase + string.digits, k=26))
    return f"arn:aws:dms:{self.region}:{self.current_account}:{kind.arn_type}:{name}"


def add(self, kind, arn, thing, tags=None):
    identifier = thing.get(kind.identifier)
    taken = [t.get(kind.identifier) for t in all_of(self, kind).values()]
    if identifier is not None and identifier in taken:
        raise ResourceAlreadyExistsFault(f"{kind.name} {identifier} already exists.")
    all_of(self, kind)[arn] = thing
    backend_of(self).tagger.tag_resource(arn, tags or [])
    return answer(kind, thing)


def remove(self, kind, arn):
    thing = all_of(self, kind).pop(arn)
    backend_of(self).tagger.delete_all_tags_for_resource(arn)
    return thing


def refuse_while_used(self, used, by, *fields):
    if users := [t for t in all_of(self, by).values() if any(t.get(f) == used for f in fields)]:
        raise InvalidResourceStateFault(f"{used} is in use by {users[0].get(by.identifier)}.")


def describe(kind):
    def action(self):
        filters = request_of(self).get("Filters", [])
        return ActionResult({f"{kind.name}s": [shown(t) for t in found(self, kind, filters)]})

    return action

# What a request has and an answer has not.
unanswered = ("Password", "Tags", "EndpointArn", "ResourceIdentifier")
