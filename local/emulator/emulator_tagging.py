"""The Resource Groups Tagging API knows what carries tags: moto's leaves out most of EC2's
resources, listeners, hosted zones and health checks.
"""
from moto.elbv2 import elbv2_backends
from moto.ec2 import ec2_backends
from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend as Tagging
from moto.route53 import route53_backends

kinds = {
    "eipalloc": "elastic-ip",
    "fl": "vpc-flow-log",
    "igw": "internet-gateway",
    "lt": "launch-template",
    "nat": "natgateway",
    "pcx": "vpc-peering-connection",
    "rtb": "route-table",
    "sg": "security-group",
    "sgr": "security-group-rule",
    "subnet": "subnet",
    "tgw-attach": "transit-gateway-attachment",
    "vgw": "vpn-gateway",
    "vpc": "vpc",
    "vpce": "vpc-endpoint",
}
moto_generator = Tagging._get_resources_generator


def tagged(self):
    ec2 = ec2_backends[self.account_id][self.region_name]
    for resource, tags in ec2.tags.items():
        kind = kinds.get(resource.rpartition("-")[0])
        if kind and tags:
            yield f"arn:aws:ec2:{self.region_name}:{self.account_id}:{kind}/{resource}", dict(tags)
    balancing = elbv2_backends[self.account_id][self.region_name]
    for arn in balancing.tagging_service.tags if hasattr(balancing, "tagging_service") else []:
        yield arn, balancing.tagging_service.get_tag_dict_for_resource(arn)
    for balancer in balancing.load_balancers.values():
        for listener in balancer.listeners.values():
            # One that was created without tags has none, not an empty list.
            yield listener.arn, dict(getattr(listener, "tags", None) or {})
    if self.region_name == "us-east-1":
        dns = route53_backends[self.account_id]["aws"]
        for kind, ids in (("hostedzone", dns.zones), ("healthcheck", dns.health_checks)):
            for own in ids:
                tags = dns.list_tags_for_resource(own.split("/")[-1])
                yield f"arn:aws:route53:::{kind}/{own.split('/')[-1]}", dict(tags)


def get_resources_generator(self, tag_filters=None, resource_type_filters=None):
    seen = set()
    for item in moto_generator(self, tag_filters, resource_type_filters):
        seen.add(item["ResourceARN"])
        yield item
    for arn, tags in tagged(self):
        if arn in seen or not all(
            tags.get(wanted["Key"]) in wanted["Values"] for wanted in tag_filters or []
        ):
            continue
        yield {
            "ResourceARN": arn,
            "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
        }


Tagging._get_resources_generator = get_resources_generator
