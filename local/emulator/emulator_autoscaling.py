"""Corrections of moto's Auto Scaling, and instance refreshes, which it lacks.

A refresh takes 3 seconds and succeeds. For trials, `PUT /pe-refresh/<group>?outcome=fail&seconds=60`
has the next ones of that group fail half-way, or take longer; `DELETE` ends it.
"""
import re
import time
import uuid
from datetime import datetime, timezone
from urllib.parse import parse_qs

from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError
from moto.autoscaling.models import FakeScalingPolicy, InstanceState
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult


def keep_warmup(change):
    """moto forgets how long a group's new instances warm up."""

    def patched(self):
        answer = change(self)
        seconds = self._get_int_param("DefaultInstanceWarmup")
        if seconds is not None:
            group_of(self).default_instance_warmup = seconds
        return answer

    return patched


for action in ("create_auto_scaling_group", "update_auto_scaling_group"):
    setattr(AutoScalingResponse, action, keep_warmup(getattr(AutoScalingResponse, action)))


def as_declared(init):
    """moto answers a predictive configuration nobody gave, and leaves out that a policy is on."""

    def patched(self, *args, **kwargs):
        init(self, *args, **kwargs)
        self.predictive_scaling_configuration = self.predictive_scaling_configuration or None
        self.enabled = True

    return patched


FakeScalingPolicy.__init__ = as_declared(FakeScalingPolicy.__init__)


def keep_version(init):
    """An instance stays what it was launched from; moto answers the template's default version."""

    def patched(self, *args, **kwargs):
        init(self, *args, **kwargs)
        self.version = str(self.auto_scaling_group.launch_template_version)

    return patched


def with_version(template_of):
    return property(lambda self: {**template_of(self), "Version": self.version})


InstanceState.__init__ = keep_version(InstanceState.__init__)
InstanceState.launch_template = with_version(InstanceState.launch_template.fget)


def in_service_with_servers(self):
    """Of a target group moto never says that its servers pass the checks."""
    group = group_of(self)
    state = "InService" if group.instance_states else "Added"
    targets = [{"LoadBalancerTargetGroupARN": a, "State": state} for a in group.target_group_arns]
    return ActionResult({"LoadBalancerTargetGroups": targets})


AutoScalingResponse.describe_load_balancer_target_groups = in_service_with_servers

# Refreshes by account, region and group, the latest first.
refreshes: dict[tuple[str, str, str], list[dict]] = {}
trials: dict[str, dict] = {}
switch = re.compile(r"^/pe-refresh/([A-Za-z0-9-]+)$")
active = ("InProgress", "RollbackInProgress")


def with_trials(dispatch):
    def patched(self, environ, start_response):
        found = switch.match(environ["PATH_INFO"])
        if not found:
            return dispatch(self, environ, start_response)
        trials.pop(found[1], None)
        if environ["REQUEST_METHOD"] == "PUT":
            given = {k: v[0] for k, v in parse_qs(environ.get("QUERY_STRING", "")).items()}
            trials[found[1]] = given
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b""]

    return patched


def group_of(response):
    name = response._get_param("AutoScalingGroupName")
    group = response.autoscaling_backend.autoscaling_groups.get(name)
    if group is None:
        raise ValidationError(f"AutoScalingGroup name not found - {name}")
    return group


def refreshes_of(response):
    key = (response.current_account, response.region, response._get_param("AutoScalingGroupName"))
    return refreshes.setdefault(key, [])


def replace(group, count, version):
    """Brings that many of the instances that run another version to this one."""
    before = group.launch_template_version
    others = [state for state in group.instance_states if state.version != version]
    group.launch_template_version = version
    try:
        for state in others[: max(count, 0)]:
            group.autoscaling_backend.terminate_instance(state.instance.id, False)
    finally:
        group.launch_template_version = before


def can_roll_back(refresh, group):
    """See "Undo changes with a manual or auto rollback", Amazon EC2 Auto Scaling User Guide."""
    wanted = refresh.get("DesiredConfiguration")
    image = group.image_id or ""
    return (
        refresh["auto_rollback"]
        and wanted is not None
        and str(group.launch_template_version) != refresh["version"]
        and not str(group.launch_template_version).startswith("$")
        and not image.startswith("resolve:ssm:")
    )


def end(refresh, status, reason=None):
    refresh.update(Status=status, EndTime=datetime.now(timezone.utc), StatusReason=reason)
    if status == "Successful":
        refresh.update(PercentageComplete=100, InstancesToUpdate=0)


def advance(refresh, group):
    """Takes a refresh to where it is by now."""
    if refresh["Status"] not in active:
        return
    done = min(1.0, (time.monotonic() - refresh["began"]) / refresh["seconds"])
    size = len(group.instance_states)
    fails = refresh["outcome"] == "fail"
    if refresh["Status"] == "InProgress":
        share = min(done, 0.5) if fails else done
        replaced = sum(state.version == refresh["version"] for state in group.instance_states)
        replace(group, int(share * size) - replaced, refresh["version"])
        refresh.update(PercentageComplete=int(share * 100), InstancesToUpdate=size - int(share * size))
        if fails and done >= 0.5:
            if can_roll_back(refresh, group):
                refresh["Status"] = "RollbackInProgress"
            else:
                end(refresh, "Failed", "The emulator was told to fail it.")
    if done < 1:
        return
    if refresh["Status"] == "RollbackInProgress":
        replace(group, size, str(group.launch_template_version))
        end(refresh, "RollbackSuccessful", "The emulator was told to fail it.")
    elif refresh["Status"] == "InProgress":
        replace(group, size, refresh["version"])
        if "DesiredConfiguration" in refresh:
            group.launch_template_version = refresh["version"]
            group.provided_launch_template_version = refresh["version"]
        end(refresh, "Successful")


def start_instance_refresh(self):
    group = group_of(self)
    known = refreshes_of(self)
    if known and known[0]["Status"] in active:
        advance(known[0], group)
        if known[0]["Status"] in active:
            message = "An Instance Refresh is already in progress and blocks the execution of this one."
            raise AutoscalingClientError("InstanceRefreshInProgress", message)
    wanted = self._get_param("DesiredConfiguration")
    version = ((wanted or {}).get("LaunchTemplate") or {}).get("Version")
    trial = trials.get(group.name, {})
    refresh = {
        "InstanceRefreshId": str(uuid.uuid4()),
        "AutoScalingGroupName": group.name,
        "Status": "InProgress",
        "StartTime": datetime.now(timezone.utc),
        "PercentageComplete": 0,
        "InstancesToUpdate": len(group.instance_states),
        **({"DesiredConfiguration": wanted} if wanted else {}),
        "auto_rollback": bool((self._get_param("Preferences") or {}).get("AutoRollback")),
        "version": str(version or group.launch_template_version),
        "outcome": trial.get("outcome"),
        "seconds": float(trial.get("seconds", 3)),
        "began": time.monotonic(),
    }
    known.insert(0, refresh)
    return ActionResult({"InstanceRefreshId": refresh["InstanceRefreshId"]})


def describe_instance_refreshes(self):
    group = group_of(self)
    for refresh in refreshes_of(self):
        advance(refresh, group)
    wanted = self._get_param("InstanceRefreshIds", [])
    found = [r for r in refreshes_of(self) if not wanted or r["InstanceRefreshId"] in wanted]
    return ActionResult({"InstanceRefreshes": found[: self._get_int_param("MaxRecords", 50)]})


def cancel_instance_refresh(self):
    known = refreshes_of(self)
    if not known or known[0]["Status"] not in active:
        raise AutoscalingClientError("ActiveInstanceRefreshNotFound", "No refresh is in progress.")
    advance(known[0], group_of(self))
    end(known[0], "Cancelled", "Cancelled by user.")
    return ActionResult({"InstanceRefreshId": known[0]["InstanceRefreshId"]})


def up_to_date(read):
    """What a refresh has done by now shows in its group."""

    def patched(self):
        for (account, region, name), known in refreshes.items():
            if (account, region) == (self.current_account, self.region):
                group = self.autoscaling_backend.autoscaling_groups.get(name)
                for refresh in known if group else []:
                    advance(refresh, group)
        return read(self)

    return patched


def no_template_while_it_runs(update):
    """AWS takes no other template while a refresh to a desired configuration is active."""

    def patched(self):
        known = refreshes_of(self)
        busy = known and known[0]["Status"] in active and "DesiredConfiguration" in known[0]
        if busy and self._get_param("LaunchTemplate"):
            message = "An active instance refresh with a desired configuration exists."
            raise ValidationError(message)
        return update(self)

    return patched


AutoScalingResponse.start_instance_refresh = start_instance_refresh
AutoScalingResponse.describe_instance_refreshes = describe_instance_refreshes
AutoScalingResponse.cancel_instance_refresh = cancel_instance_refresh
AutoScalingResponse.describe_auto_scaling_groups = up_to_date(
    AutoScalingResponse.describe_auto_scaling_groups
)
AutoScalingResponse.update_auto_scaling_group = no_template_while_it_runs(
    AutoScalingResponse.update_auto_scaling_group
)
