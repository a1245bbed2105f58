"""The AWS emulator of local runs: moto's server, same command line as moto_server.

Each correction below closes a gap in moto that makes a real `pulumi up` or `destroy` fail, or
shows a change where there is none, although AWS would behave. Those of larger services are in the
modules beside this one. What stays different is listed in test/emulator/knownGaps.ts.
"""
import sys
import threading
from collections import OrderedDict
from importlib import import_module

import moto.server
from moto.route53 import models as route53
from moto.route53.responses import Route53

# No compiled copies beside the sources: this folder is the project's.
sys.dont_write_bytecode = True
with_outages = import_module("emulator_outage").with_outages
with_holds = import_module("emulator_hold").with_holds
with_trials = import_module("emulator_autoscaling").with_trials
for service in ("dms", "ec2", "elbv2", "lambda", "rds", "s3", "secrets", "serverless", "tagging"):
    import_module(f"emulator_{service}")


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
dispatcher.__call__ = with_outages(
    with_holds(with_trials(one_at_a_time(dispatcher.__call__)))
)

if __name__ == "__main__":
    moto.server.main(sys.argv[1:])
