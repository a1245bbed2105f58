"""The AWS emulator of local runs: moto's server, same command line as moto_server.

Each correction below closes a gap in moto that makes a real `pulumi up` or `destroy` fail, or
shows a change where there is none, although AWS would behave. What stays different is listed in
test/emulator/knownGaps.ts.
"""
import sys
import threading
import uuid
from collections import OrderedDict
from datetime import datetime, timezone

import moto.server
from moto.autoscaling.models import FakeScalingPolicy
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult
from moto.ec2.exceptions import (
    InvalidPermissionNotFoundError,
    InvalidSecurityGroupRuleIdNotFoundError,
)
from moto.ec2.models.instances import Instance
from moto.ec2.models.launch_templates import LaunchTemplateBackend
from moto.ec2.models.nat_gateways import NatGatewayBackend
from moto.ec2.models.security_groups import SecurityGroupBackend, SecurityGroupRule
from moto.ec2.models.transit_gateway_attachments import TransitGatewayAttachmentBackend
from moto.ec2.responses.transit_gateway_attachments import TransitGatewayAttachment
from moto.iam.access_control import IAMPolicyStatement, PermissionResult
from moto.rds.models import DBInstance, DBParameterGroup
from moto.route53 import models as route53
from moto.route53.responses import Route53


def zone_ids_begin_with_z(generate):
    """Every hosted zone id of AWS does, and the program's config checks it."""

    def patched(self, *args, **kwargs):
        return "Z" + generate(self, *args, **kwargs)[1:]

    return patched


identifier = route53.HostedZoneIdentifier
identifier.generate = zone_ids_begin_with_z(identifier.generate)


def private_with_a_vpc(create):
    """A zone made with a VPC is private; moto also wants a flag that the API only answers with."""

    def patched(self):
        flag = self._get_bool_param
        self._get_bool_param = lambda name, *default: (
            self._get_param("VPC.VPCId") is not None
            if name == "HostedZoneConfig.PrivateZone"
            else flag(name, *default)
        )
        return create(self)

    return patched


Route53.create_hosted_zone = private_with_a_vpc(Route53.create_hosted_zone)


def keep_alarm(create):
    """moto forgets which alarm a health check follows, and what it makes of missing data."""

    def patched(self):
        answer = create(self)
        config = self._get_param("HealthCheckConfig")
        names = ("AlarmIdentifier", "InsufficientDataHealthStatus")
        for check in self.backend.health_checks.values():
            if check.caller_reference == self._get_param("CallerReference"):
                check.alarm = {name: config[name] for name in names if name in config}
        return answer

    return patched


def with_alarm(config_of):
    def patched(self):
        config = {**config_of(self), **getattr(self, "alarm", {})}
        # Checks of an alarm have no address to ask and no interval to ask it in.
        probe = {"IPAddress", "Port", "RequestInterval", "FailureThreshold", "MeasureLatency"}
        drop = probe if config["Type"] == "CLOUDWATCH_METRIC" else set()
        return {name: value for name, value in config.items() if name not in drop}

    return property(patched)


Route53.create_health_check = keep_alarm(Route53.create_health_check)
route53.HealthCheck.health_check_config = with_alarm(route53.HealthCheck.health_check_config.fget)


def keep_description(init):
    """moto forgets the description of a security group rule that names a prefix list or a group."""

    def patched(self, *args, **kwargs):
        init(self, *args, **kwargs)
        names = ("ip_range", "source_group", "prefix_list_id")
        given = {**dict(zip(names, args[5:8])), **{k: kwargs[k] for k in names if k in kwargs}}
        self.other_description = next(
            (v["Description"] for v in given.values() if v and v.get("Description")), None
        )

    return patched


SecurityGroupRule.__init__ = keep_description(SecurityGroupRule.__init__)
SecurityGroupRule.description = property(
    lambda self: self.ip_range.get("Description") or self.other_description
)


def gone_by_its_own_name(revoke):
    """moto refuses a rule id that is gone (a request sent again) with the error of another kind."""

    def patched(self, *args, security_rule_ids=None, **kwargs):
        try:
            return revoke(self, *args, security_rule_ids=security_rule_ids, **kwargs)
        except InvalidPermissionNotFoundError:
            if not security_rule_ids:
                raise
            raise InvalidSecurityGroupRuleIdNotFoundError(security_rule_ids[0]) from None

    return patched


for way in ("ingress", "egress"):
    name = f"revoke_security_group_{way}"
    setattr(SecurityGroupBackend, name, gone_by_its_own_name(getattr(SecurityGroupBackend, name)))


def stay_deleted(delete):
    """A deleted attachment stays visible as such for a while; the provider waits to see it."""

    def patched(self, transit_gateway_attachment_id):
        attachment = delete(self, transit_gateway_attachment_id=transit_gateway_attachment_id)
        self.transit_gateway_attachments[transit_gateway_attachment_id] = attachment
        return attachment

    return patched


attachments = TransitGatewayAttachmentBackend
attachments.delete_transit_gateway_vpc_attachment = stay_deleted(
    attachments.delete_transit_gateway_vpc_attachment
)

def take_attachment_tags(create):
    """moto reads the tags of an attachment under the name of another resource type."""

    def patched(self):
        parse = self._parse_tag_specification
        self._parse_tag_specification = lambda *args: {
            "transit-gateway-route-table": parse(*args).get("transit-gateway-attachment", {})
        }
        return create(self)

    return patched


TransitGatewayAttachment.create_transit_gateway_vpc_attachment = take_attachment_tags(
    TransitGatewayAttachment.create_transit_gateway_vpc_attachment
)


def without_own_tags(create):
    """A launch template's own tags are no part of what it launches; moto adds them to that."""

    def patched(self, name, description, template_data, tag_spec):
        specifications = template_data.get("TagSpecifications", [])
        kept = [s for s in specifications if s["ResourceType"] != "launch-template"]
        data = {**template_data, "TagSpecifications": kept}
        return create(self, name, description, data, tag_spec)

    return patched


LaunchTemplateBackend.create_launch_template = without_own_tags(
    LaunchTemplateBackend.create_launch_template
)


def take_everything_along(terminate):
    """
    What an instance was launched with goes with it. moto keeps the network interface, and of a root
    disk that a launch template describes a second one, attached to what is gone.
    """

    def patched(self):
        for interface in self.nics.values():
            interface.delete_on_termination = True
        answer = terminate(self)
        volumes = self.ec2_backend.volumes
        for volume in [v for v in volumes.values() if v.attachment]:
            if volume.attachment.instance.id == self.id:
                volumes.pop(volume.id)
        return answer

    return patched


Instance.terminate = take_everything_along(Instance.terminate)


def take_interface_along(delete):
    """A NAT gateway's network interface goes with it."""

    def patched(self, nat_gateway_id):
        gateway = delete(self, nat_gateway_id)
        self.enis.pop(gateway._eni.id, None)
        return gateway

    return patched


NatGatewayBackend.delete_nat_gateway = take_interface_along(NatGatewayBackend.delete_nat_gateway)


def keep_monitoring(init):
    """moto forgets how a database is monitored."""

    def patched(self, *args, **kwargs):
        init(self, *args, **kwargs)
        prefixes = ("monitoring_", "performance_insights_", "enable_performance_", "network_type")
        for name, value in kwargs.items():
            if name.startswith(prefixes) and value is not None:
                setattr(self, name, value)

    return patched


DBInstance.__init__ = keep_monitoring(DBInstance.__init__)
# Requests spell it one way and answers the other.
DBInstance.performance_insights_enabled = property(
    lambda self: getattr(self, "enable_performance_insights", False)
)


def with_own_id(init):
    """moto gives every database the same resource id, by which the provider looks it up."""

    def patched(self, *args, **kwargs):
        init(self, *args, **kwargs)
        self.dbi_resource_id = f"db-{uuid.uuid4().hex[:26].upper()}"

    return patched


DBInstance.__init__ = with_own_id(DBInstance.__init__)


def as_set_by_the_user(update):
    """moto leaves out who set a parameter; the provider reads only what users did."""

    def patched(self, new_parameters):
        update(self, [{**parameter, "Source": "user"} for parameter in new_parameters])

    return patched


DBParameterGroup.update_parameters = as_set_by_the_user(DBParameterGroup.update_parameters)


def as_if_over_tls(is_action_permitted):
    """Buckets refuse requests without TLS. The emulator has none, so that refusal is left out."""

    def patched(self, *args, **kwargs):
        statement = self._statement
        condition = statement.get("Condition", {}).get("Bool", {})
        if statement["Effect"] == "Deny" and condition.get("aws:SecureTransport") == "false":
            return PermissionResult.NEUTRAL
        return is_action_permitted(self, *args, **kwargs)

    return patched


IAMPolicyStatement.is_action_permitted = as_if_over_tls(IAMPolicyStatement.is_action_permitted)

def keep_warmup(change):
    """moto forgets how long a group's new instances warm up."""

    def patched(self):
        answer = change(self)
        seconds = self._get_int_param("DefaultInstanceWarmup")
        if seconds is not None:
            name = self._get_param("AutoScalingGroupName")
            self.autoscaling_backend.autoscaling_groups[name].default_instance_warmup = seconds
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

# Instance refreshes by account, region and group; moto has none. Here they end at once: every
# instance is replaced by one of the current launch template.
refreshes: dict[tuple[str, str, str], list[dict]] = {}


def refreshes_of(response):
    key = (response.current_account, response.region, response._get_param("AutoScalingGroupName"))
    return refreshes.setdefault(key, [])


def start_instance_refresh(self):
    name = self._get_param("AutoScalingGroupName")
    backend = self.autoscaling_backend
    for state in list(backend.autoscaling_groups[name].instance_states):
        backend.terminate_instance(state.instance.id, False)
    now = datetime.now(timezone.utc)
    refresh = {
        "InstanceRefreshId": str(uuid.uuid4()),
        "AutoScalingGroupName": name,
        "Status": "Successful",
        "StartTime": now,
        "EndTime": now,
        "PercentageComplete": 100,
        "InstancesToUpdate": 0,
    }
    refreshes_of(self).insert(0, refresh)
    return ActionResult({"InstanceRefreshId": refresh["InstanceRefreshId"]})


def describe_instance_refreshes(self):
    wanted = self._get_param("InstanceRefreshIds", [])
    found = [r for r in refreshes_of(self) if not wanted or r["InstanceRefreshId"] in wanted]
    return ActionResult({"InstanceRefreshes": found})


AutoScalingResponse.start_instance_refresh = start_instance_refresh
AutoScalingResponse.describe_instance_refreshes = describe_instance_refreshes

requests = threading.Lock()
# Answers to calls that succeeded, by the id that the AWS SDK gives a call and all its attempts.
answered: OrderedDict[str, tuple] = OrderedDict()
most_answers = 1000


def one_at_a_time(answer):
    """
    moto's stores have no locks: of two changes at once one may be lost. And its server now and then
    drops a connection before the answer is read; the SDK then sends a change that was made again,
    and hears that it exists. Such a second attempt gets the answer of the first.
    """

    def take(self, environ):
        start = []
        body = answer(self, environ, lambda status, headers, *_: start.extend((status, headers)))
        try:
            return (*start[:2], b"".join(body))
        finally:
            getattr(body, "close", lambda: None)()

    def patched(self, environ, start_response):
        call = environ.get("HTTP_AMZ_SDK_INVOCATION_ID")
        with requests:
            if call in answered:
                print(f"answered again: {call}", file=sys.stderr)
                status, headers, body = answered[call]
            else:
                status, headers, body = take(self, environ)
                if call and status.startswith("2"):
                    answered[call] = (status, headers, body)
                    while len(answered) > most_answers:
                        answered.popitem(last=False)
        start_response(status, headers)
        return [body]

    return patched


dispatcher = moto.server.DomainDispatcherApplication
dispatcher.__call__ = one_at_a_time(dispatcher.__call__)

if __name__ == "__main__":
    moto.server.main(sys.argv[1:])
