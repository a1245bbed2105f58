"""Corrections of moto's Lambda: functions answer without Docker, and keep how they are set up."""
import json

from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.ec2 import ec2_backends

# What the platform's functions answer: nothing had to be done.
nothing_done = json.dumps({"steps": [], "captured": [], "notCopied": []})


def invoke(self, function_name, qualifier, body, headers, response_headers):
    """moto runs code in a Docker container, which local runs don't have."""
    self.get_function(function_name, qualifier)
    return nothing_done.encode()


LambdaBackend.invoke = invoke

forgotten = ("DeadLetterConfig", "KMSKeyArn", "LoggingConfig")


def keep(function, given):
    function.kept = {
        **getattr(function, "kept", {}),
        **{name: given[name] for name in forgotten if name in given},
    }


def keep_on_create(init):
    """moto forgets the key, the dead letters' queue and the log group of a function."""

    def patched(self, account_id, spec, *args, **kwargs):
        keep(self, spec)
        init(self, account_id, spec, *args, **kwargs)

    return patched


def keep_on_update(update):
    """moto also drops changes of tracing and of the room for temporary files."""

    def patched(self, config_updates):
        keep(self, config_updates)
        if "TracingConfig" in config_updates:
            self.tracing_config = config_updates["TracingConfig"]
        if "EphemeralStorage" in config_updates:
            self.ephemeral_storage = config_updates["EphemeralStorage"]["Size"]
        return update(self, config_updates)

    return patched


def with_what_was_kept(get_configuration):
    def patched(self, *args, **kwargs):
        config = {**get_configuration(self, *args, **kwargs), **self.kept}
        group = f"/aws/lambda/{self.function_name}"
        config["LoggingConfig"] = {
            "LogFormat": "Text",
            "LogGroup": group,
            **self.kept.get("LoggingConfig", {}),
        }
        # An empty one is how a request takes it away.
        if not config.get("DeadLetterConfig", {}).get("TargetArn"):
            config.pop("DeadLetterConfig", None)
        return config

    return patched


LambdaFunction.__init__ = keep_on_create(LambdaFunction.__init__)
LambdaFunction.update_configuration = keep_on_update(LambdaFunction.update_configuration)
LambdaFunction.get_configuration = with_what_was_kept(LambdaFunction.get_configuration)


def in_its_own_vpc(vpc_config):
    """moto puts every function into the same VPC, which doesn't exist."""

    def patched(self):
        config = vpc_config(self)
        if config and config.get("VpcId"):
            subnet = ec2_backends[self.account_id][self.region].get_subnet(config["SubnetIds"][0])
            config["VpcId"] = subnet.vpc_id
        return config

    return property(patched)


LambdaFunction.vpc_config = in_its_own_vpc(LambdaFunction.vpc_config.fget)
