"""The tasks of moto's Database Migration Service: see emulator_dms.py."""
import json

from moto.dms.exceptions import DmsClientError, InvalidResourceStateFault

from emulator_dms_store import (
    add,
    answer,
    arn_of,
    endpoint,
    get,
    instance,
    now,
    remove,
    request_of,
    task,
    unanswered,
)


def settings_of(made, given):
    """AWS adds where a task logs to; the provider has to leave that out again."""
    settings = json.loads(given.get("ReplicationTaskSettings") or made["ReplicationTaskSettings"])
    logging = settings.setdefault("Logging", {})
    if logging.get("EnableLogging"):
        logging["CloudWatchLogGroup"] = f"dms-tasks-{made['_instance']}"
        logging["CloudWatchLogStream"] = f"dms-task-{made['_id']}"
    return json.dumps(settings)


def check_task(given):
    logging = json.loads(given.get("ReplicationTaskSettings") or "{}").get("Logging", {})
    if "CloudWatchLogGroup" in logging or "CloudWatchLogStream" in logging:
        message = "CloudWatchLogGroup and CloudWatchLogStream are read-only."
        raise DmsClientError("InvalidParameterValueException", message)
    json.loads(given.get("TableMappings") or "{}")


def create_task(self):
    given = request_of(self)
    check_task(given)
    host = get(self, instance, given["ReplicationInstanceArn"])
    for side in ("SourceEndpointArn", "TargetEndpointArn"):
        get(self, endpoint, given[side])
    if host["ReplicationInstanceStatus"] != "available":
        raise InvalidResourceStateFault("The replication instance is not available.")
    arn = arn_of(self, task)
    made = {
        **{key: value for key, value in given.items() if key not in unanswered},
        "ReplicationTaskIdentifier": given["ReplicationTaskIdentifier"].lower(),
        "ReplicationTaskArn": arn,
        "ReplicationTaskCreationDate": now(),
        "ReplicationTaskSettings": given.get("ReplicationTaskSettings") or "{}",
        "Status": "creating",
        "_instance": host["ReplicationInstanceIdentifier"],
        "_id": arn.rsplit(":", 1)[-1],
    }
    made["ReplicationTaskSettings"] = settings_of(made, given)
    return add(self, task, arn, made, given.get("Tags"))


def in_state(self, what, *states):
    made = get(self, task, request_of(self)["ReplicationTaskArn"])
    if made["Status"] not in states:
        raise InvalidResourceStateFault(f"A task that is {made['Status']} can't be {what}.")
    return made


def modify_task(self):
    given = request_of(self)
    check_task(given)
    made = in_state(self, "modified", "ready", "stopped", "failed")
    made["_settles"] = made["Status"]
    for key in ("MigrationType", "TableMappings", "CdcStartPosition", "CdcStopPosition"):
        if key in given:
            made[key] = given[key]
    made["ReplicationTaskSettings"] = settings_of(made, given)
    made["Status"] = "modifying"
    return answer(task, made)


def start_task(self):
    kind = request_of(self)["StartReplicationTaskType"]
    # Only what has run before can go on, or over again.
    states = ("ready",) if kind == "start-replication" else ("stopped", "failed")
    made = in_state(self, f"started by {kind}", *states)
    made.update({"Status": "starting", "ReplicationTaskStartDate": now()})
    return answer(task, made)


def stop_task(self):
    made = in_state(self, "stopped", "running")
    made["Status"] = "stopping"
    return answer(task, made)


def delete_task(self):
    made = in_state(self, "deleted", "ready", "stopped", "failed")
    remove(self, task, made["ReplicationTaskArn"])
    return answer(task, {**made, "Status": "deleting"})
