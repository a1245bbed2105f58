"""Corrections of moto's EC2."""
import hashlib
import re

from moto.core.types import Base64EncodedString
from moto.ec2.exceptions import (
    EC2ClientError,
    InvalidPermissionNotFoundError,
    InvalidSecurityGroupRuleIdNotFoundError,
)
from moto.ec2.models.amis import Ami, AmiBackend
from moto.ec2.models.instances import Instance
from moto.ec2.models.launch_templates import LaunchTemplateBackend, LaunchTemplateVersion
from moto.ec2.models.nat_gateways import NatGatewayBackend
from moto.ec2.models.security_groups import SecurityGroupBackend, SecurityGroupRule
from moto.ec2.models.transit_gateway_attachments import TransitGatewayAttachmentBackend
from moto.ec2.models.vpc_peering_connections import VPCPeeringConnectionBackend
from moto.ec2.responses.transit_gateway_attachments import TransitGatewayAttachment


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


def as_encoded_text(version):
    """Of a template's later versions moto keeps user data as plain text, and then trips over it."""
    text = version.data.get("UserData")
    return Base64EncodedString(text) if isinstance(text, str) else text


LaunchTemplateVersion.user_data = property(as_encoded_text)


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


def only_of_active_ones(modify):
    """AWS refuses the options of a connection that nobody has accepted yet; moto takes them."""

    def patched(self, vpc_pcx_id, *args, **kwargs):
        if self.get_vpc_peering_connection(vpc_pcx_id)._status.code != "active":
            message = f"Peering {vpc_pcx_id} is not active. Options can be set of active ones only."
            raise EC2ClientError("OperationNotPermitted", message)
        return modify(self, vpc_pcx_id, *args, **kwargs)

    return patched


VPCPeeringConnectionBackend.modify_vpc_peering_connection_options = only_of_active_ones(
    VPCPeeringConnectionBackend.modify_vpc_peering_connection_options
)


amazons_windows = re.compile(r"^Windows_Server-\d{4}-English-Full-Base-\d{4}\.\d\d\.\d\d$")


def know_amazons_releases(describe):
    """Amazon has an image for every monthly release of Windows; moto's list ends at an old one."""

    def patched(self, ami_ids=None, filters=None, exec_users=None, owners=None):
        for name in (filters or {}).get("name", []) if "amazon" in (owners or []) else []:
            known = any(ami.name == name for ami in self.amis.values())
            if amazons_windows.match(name) and not known:
                digest = hashlib.sha256(f"{self.region_name} {name}".encode()).hexdigest()
                image = f"ami-0{digest[:16]}"
                self.amis[image] = Ami(
                    self,
                    image,
                    name=name,
                    owner_id="801119661308",
                    owner_alias="amazon",
                    public=True,
                    architecture="x86_64",
                    virtualization_type="hvm",
                    platform="windows",
                    hypervisor="xen",
                    root_device_type="ebs",
                )
        return describe(self, ami_ids, filters, exec_users, owners)

    return patched


AmiBackend.describe_images = know_amazons_releases(AmiBackend.describe_images)
