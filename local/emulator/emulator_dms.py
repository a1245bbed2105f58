"""Corrections of moto's Database Migration Service.

moto knows no certificates and no Modify call, keeps no tags of a task, answers times and subnets
that the provider can't read, and lets everything go in any order. So the calls are answered here.
"""
from moto.core.responses import ActionResult
from moto.dms.exceptions import DmsClientError, InvalidResourceStateFault
from moto.dms.responses import DatabaseMigrationServiceResponse
from moto.ec2 import ec2_backends
from moto.iam import iam_backends

from emulator_dms_store import (
    add,
    all_of,
    answer,
    arn_of,
    backend_of,
    certificate,
    connection,
    describe,
    endpoint,
    found,
    get,
    group,
    instance,
    now,
    refuse_while_used,
    remove,
    request_of,
    task,
    unanswered,
)
from emulator_dms_tasks import create_task, delete_task, modify_task, start_task, stop_task

# Subnet groups


def subnets_of(self, ids):
    subnets = [ec2_backends[self.current_account][self.region].get_subnet(i) for i in ids]
    if len({subnet.availability_zone for subnet in subnets}) < 2:
        message = "The replication subnet group must cover at least two zones."
        raise DmsClientError("ReplicationSubnetGroupDoesNotCoverEnoughAZs", message)
    shape = [
        {
            "SubnetIdentifier": subnet.id,
            "SubnetAvailabilityZone": {"Name": subnet.availability_zone},
            "SubnetStatus": "Active",
        }
        for subnet in subnets
    ]
    return {"VpcId": subnets[0].vpc_id, "Subnets": shape}


def create_group(self):
    given = request_of(self)
    # AWS works in a VPC only through this role of the account, which it finds by its name.
    roles = iam_backends[self.current_account]["aws"].roles.values()
    if "dms-vpc-role" not in [role.name for role in roles]:
        role = f"arn:aws:iam::{self.current_account}:role/dms-vpc-role"
        message = f"The IAM Role {role} is not configured properly."
        raise DmsClientError("AccessDeniedFault", message)
    name = given["ReplicationSubnetGroupIdentifier"].lower()
    made = {
        "ReplicationSubnetGroupIdentifier": name,
        "ReplicationSubnetGroupDescription": given["ReplicationSubnetGroupDescription"],
        "SubnetGroupStatus": "Complete",
        "SupportedNetworkTypes": ["IPV4"],
        **subnets_of(self, given["SubnetIds"]),
    }
    return add(self, group, arn_of(self, group, name), made, given.get("Tags"))


def modify_group(self):
    given = request_of(self)
    made = get(self, group, arn_of(self, group, given["ReplicationSubnetGroupIdentifier"]))
    description = "ReplicationSubnetGroupDescription"
    made[description] = given.get(description, made[description])
    made.update(subnets_of(self, given["SubnetIds"]))
    return answer(group, made)


def delete_group(self):
    name = request_of(self)["ReplicationSubnetGroupIdentifier"]
    arn = arn_of(self, group, name)
    get(self, group, arn)
    refuse_while_used(self, name, instance, "_group")
    remove(self, group, arn)
    return ActionResult({})


# Instances

usual_window = "sun:06:00-sun:06:30"
changeable = ("ReplicationInstanceClass", "AllocatedStorage", "MultiAZ", "EngineVersion")


def create_instance(self):
    given = request_of(self)
    name = given.get("ReplicationSubnetGroupIdentifier")
    subnets = get(self, group, arn_of(self, group, name)) if name else {"Subnets": []}
    zones = [s["SubnetAvailabilityZone"]["Name"] for s in subnets["Subnets"]]
    arn = arn_of(self, instance)
    made = {
        **{key: given[key] for key in changeable if key in given},
        "ReplicationInstanceIdentifier": given["ReplicationInstanceIdentifier"].lower(),
        "ReplicationInstanceArn": arn,
        "ReplicationInstanceStatus": "creating",
        "AllocatedStorage": given.get("AllocatedStorage", 50),
        "EngineVersion": given.get("EngineVersion", "3.6.1"),
        "MultiAZ": given.get("MultiAZ", False),
        "InstanceCreateTime": now(),
        "VpcSecurityGroups": groups_of(given),
        "AvailabilityZone": given.get("AvailabilityZone") or (zones or [f"{self.region}a"])[0],
        "ReplicationSubnetGroup": subnets if name else None,
        "PreferredMaintenanceWindow": given.get("PreferredMaintenanceWindow", usual_window),
        "PendingModifiedValues": {},
        "AutoMinorVersionUpgrade": given.get("AutoMinorVersionUpgrade", True),
        "KmsKeyId": given.get("KmsKeyId"),
        "ReplicationInstancePrivateIpAddresses": ["10.0.0.10"],
        "ReplicationInstancePublicIpAddresses": [],
        "PubliclyAccessible": given.get("PubliclyAccessible", True),
        "NetworkType": given.get("NetworkType", "IPV4"),
        "_group": name,
    }
    return add(self, instance, arn, made, given.get("Tags"))


def groups_of(given):
    ids = given.get("VpcSecurityGroupIds", [])
    return [{"VpcSecurityGroupId": each, "Status": "active"} for each in ids]


def modify_instance(self):
    given = request_of(self)
    made = get(self, instance, given["ReplicationInstanceArn"])
    changes = {key: given[key] for key in changeable if key in given}
    if given.get("ApplyImmediately"):
        made.update(changes)
    else:
        made["PendingModifiedValues"] = changes
    for key in ("PreferredMaintenanceWindow", "AutoMinorVersionUpgrade", "NetworkType"):
        made[key] = given.get(key, made[key])
    if "VpcSecurityGroupIds" in given:
        made["VpcSecurityGroups"] = groups_of(given)
    made["ReplicationInstanceStatus"] = "modifying"
    return answer(instance, made)


def delete_instance(self):
    arn = request_of(self)["ReplicationInstanceArn"]
    made = get(self, instance, arn)
    refuse_while_used(self, arn, task, "ReplicationInstanceArn")
    forget_tests(self, "ReplicationInstanceArn", arn)
    made["ReplicationInstanceStatus"] = "deleting"
    return answer(instance, remove(self, instance, arn))


# Certificates


def import_certificate(self):
    given = request_of(self)
    pem = given.get("CertificatePem", "")
    if "BEGIN CERTIFICATE" not in pem and not given.get("CertificateWallet"):
        raise DmsClientError("InvalidCertificateFault", "The certificate was not valid.")
    arn = arn_of(self, certificate)
    made = {
        "CertificateIdentifier": given["CertificateIdentifier"],
        "CertificateArn": arn,
        "CertificateCreationDate": now(),
        "CertificatePem": pem,
    }
    return add(self, certificate, arn, made, given.get("Tags"))


def delete_certificate(self):
    arn = request_of(self)["CertificateArn"]
    get(self, certificate, arn)
    refuse_while_used(self, arn, endpoint, "CertificateArn")
    return answer(certificate, remove(self, certificate, arn))


# Endpoints, and tests of the way from an instance to one


def create_endpoint(self):
    given = request_of(self)
    if given.get("CertificateArn"):
        get(self, certificate, given["CertificateArn"])
    arn = arn_of(self, endpoint)
    made = {
        **{key: value for key, value in given.items() if key not in unanswered},
        "EndpointIdentifier": given["EndpointIdentifier"].lower(),
        # Requests spell it in lower case, answers don't.
        "EndpointType": given["EndpointType"].upper(),
        "EngineDisplayName": given["EngineName"],
        "EndpointArn": arn,
        "SslMode": given.get("SslMode", "none"),
        "Status": "active",
    }
    return add(self, endpoint, arn, made, given.get("Tags"))


def modify_endpoint(self):
    given = request_of(self)
    made = get(self, endpoint, given["EndpointArn"])
    users = found(self, task, [{"Name": "endpoint-arn", "Values": [given["EndpointArn"]]}])
    if any(user["Status"] == "running" for user in users):
        raise InvalidResourceStateFault("The endpoint is in use by a task that runs.")
    for key, value in given.items():
        if key not in unanswered:
            made[key] = {**made.get(key, {}), **value} if isinstance(value, dict) else value
    made["EndpointType"] = made["EndpointType"].upper()
    return answer(endpoint, made)


def delete_endpoint(self):
    arn = request_of(self)["EndpointArn"]
    get(self, endpoint, arn)
    refuse_while_used(self, arn, task, "SourceEndpointArn", "TargetEndpointArn")
    forget_tests(self, "EndpointArn", arn)
    return answer(endpoint, {**remove(self, endpoint, arn), "Status": "deleting"})


def test_connection(self):
    given = request_of(self)
    pair = (given["ReplicationInstanceArn"], given["EndpointArn"])
    made = {
        "ReplicationInstanceArn": pair[0],
        "EndpointArn": pair[1],
        "Status": "testing",
        "EndpointIdentifier": get(self, endpoint, pair[1])["EndpointIdentifier"],
        "ReplicationInstanceIdentifier": get(self, instance, pair[0])[instance.identifier],
    }
    all_of(self, connection)[pair] = made
    return answer(connection, made)


def forget_tests(self, key, arn):
    tests = all_of(self, connection)
    for pair in [pair for pair, test in tests.items() if test[key] == arn]:
        tests.pop(pair)


# Tags


def list_tags(self):
    given = request_of(self)
    arns = given.get("ResourceArnList") or [given["ResourceArn"]]
    tags = [
        {"Key": key, "Value": value, "ResourceArn": arn}
        for arn in arns
        for key, value in backend_of(self).tagger.get_tag_dict_for_resource(arn).items()
    ]
    return ActionResult({"TagList": tags})


def add_tags(self):
    given = request_of(self)
    backend_of(self).tagger.tag_resource(given["ResourceArn"], given["Tags"])
    return ActionResult({})


def remove_tags(self):
    given = request_of(self)
    backend_of(self).tagger.untag_resource_using_names(given["ResourceArn"], given["TagKeys"])
    return ActionResult({})


actions = {
    "create_replication_subnet_group": create_group,
    "modify_replication_subnet_group": modify_group,
    "describe_replication_subnet_groups": describe(group),
    "delete_replication_subnet_group": delete_group,
    "create_replication_instance": create_instance,
    "modify_replication_instance": modify_instance,
    "describe_replication_instances": describe(instance),
    "delete_replication_instance": delete_instance,
    "import_certificate": import_certificate,
    "describe_certificates": describe(certificate),
    "delete_certificate": delete_certificate,
    "create_endpoint": create_endpoint,
    "modify_endpoint": modify_endpoint,
    "describe_endpoints": describe(endpoint),
    "delete_endpoint": delete_endpoint,
    "test_connection": test_connection,
    "describe_connections": describe(connection),
    "create_replication_task": create_task,
    "modify_replication_task": modify_task,
    "describe_replication_tasks": describe(task),
    "start_replication_task": start_task,
    "stop_replication_task": stop_task,
    "delete_replication_task": delete_task,
    "list_tags_for_resource": list_tags,
    "add_tags_to_resource": add_tags,
    "remove_tags_from_resource": remove_tags,
}
for name, action in actions.items():
    setattr(DatabaseMigrationServiceResponse, name, action)
