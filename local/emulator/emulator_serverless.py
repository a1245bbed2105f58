"""The Serverless Application Repository, which moto lacks: AWS's functions that rotate a secret.

An application becomes a CloudFormation stack of moto's. moto doesn't see these requests.
"""
import json
import re
import uuid
from urllib.parse import parse_qs, unquote

from moto.cloudformation.models import ChangeSet, Stack, cloudformation_backends
from moto.core import DEFAULT_ACCOUNT_ID
from moto.moto_server.werkzeug_app import DomainDispatcherApplication

newest = "1.1.618"
owner = "arn:aws:serverlessrepo:us-east-1:297356227824:applications/"
# AWS's functions that rotate a secret are applications of that owner, and take these parameters.
required = ("endpoint", "functionName")
optional = {
    "excludeCharacters": "",
    "kmsKeyArn": "",
    "vpcSecurityGroupIds": "",
    "vpcSubnetIds": "",
}
capabilities = ["CAPABILITY_IAM", "CAPABILITY_RESOURCE_POLICY"]


class Refused(Exception):
    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.code = status, code


def application(application_id, version):
    if not application_id.startswith(owner + "SecretsManager"):
        raise Refused("404 Not Found", "NotFoundException", f"No application {application_id}.")
    parameters = [{"name": name} for name in required]
    parameters += [{"name": name, "defaultValue": value} for name, value in optional.items()]
    name = application_id.rsplit("/", 1)[-1]
    return {
        "applicationId": application_id,
        "author": "AWS",
        "description": f"Rotates a secret: {name}",
        "name": name,
        "version": {
            "applicationId": application_id,
            "creationTime": "2024-01-01T00:00:00Z",
            "parameterDefinitions": [
                {"type": "String", "referencedByResources": [], **each} for each in parameters
            ],
            "requiredCapabilities": capabilities,
            "resourcesSupported": True,
            "semanticVersion": version or newest,
            "templateUrl": "https://example.invalid/template.yaml",
        },
    }


def template(values):
    """What such an application makes: a function, and the role that it runs with."""
    subnets = [each for each in values["vpcSubnetIds"].split(",") if each]
    groups = [each for each in values["vpcSecurityGroupIds"].split(",") if each]
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    function = {
        "FunctionName": {"Ref": "functionName"},
        "Handler": "lambda_function.lambda_handler",
        "Runtime": "python3.11",
        "Role": {"Fn::GetAtt": ["SecretsManagerRotationFunctionRole", "Arn"]},
        "Code": {"ZipFile": "def lambda_handler(event, context): pass"},
        "Timeout": 30,
        **({"VpcConfig": {"SubnetIds": subnets, "SecurityGroupIds": groups}} if subnets else {}),
    }
    return {
        "Parameters": {
            **{name: {"Type": "String"} for name in required},
            **{name: {"Type": "String", "Default": value} for name, value in optional.items()},
        },
        "Resources": {
            "SecretsManagerRotationFunctionRole": {
                "Type": "AWS::IAM::Role",
                "Properties": {"AssumeRolePolicyDocument": trust},
            },
            "SecretsManagerRotationFunction": {
                "Type": "AWS::Lambda::Function",
                "Properties": function,
            },
        },
        "Outputs": {
            "RotationLambdaARN": {
                "Value": {"Fn::GetAtt": ["SecretsManagerRotationFunction", "Arn"]}
            },
            "RotationLambdaFunctionName": {"Value": {"Ref": "functionName"}},
        },
    }


def change_set(region, application_id, given):
    version = application(application_id, given.get("semanticVersion"))["version"]
    if missing := [each for each in capabilities if each not in given.get("capabilities", [])]:
        message = f"Capabilities {missing} must be acknowledged."
        raise Refused("400 Bad Request", "BadRequestException", message)
    values = {each["name"]: each["value"] for each in given.get("parameterOverrides", [])}
    unknown = [name for name in values if name not in (*required, *optional)]
    absent = [name for name in required if not values.get(name)]
    if unknown or absent:
        message = f"Parameters {unknown} do not exist in the template, {absent} have no value."
        raise Refused("400 Bad Request", "BadRequestException", message)
    backend = cloudformation_backends[DEFAULT_ACCOUNT_ID][region]
    name = f"serverlessrepo-{given['stackName']}"
    exists = any(stack.name == name for stack in backend.stacks.values())
    change_set_id, stack_id = backend.create_change_set(
        stack_name=name,
        change_set_name=f"a{uuid.uuid4()}",
        template=json.dumps(template({**optional, **values})),
        parameters=values,
        description="",
        change_set_type="UPDATE" if exists else "CREATE",
        tags={
            **{tag["key"]: tag["value"] for tag in given.get("tags", [])},
            "serverlessrepo:applicationId": application_id,
            "serverlessrepo:semanticVersion": version["semanticVersion"],
        },
    )
    made = backend.change_sets[change_set_id]
    # moto takes one that changes only tags for one that changes nothing.
    made.status, made.execution_status = "CREATE_COMPLETE", "AVAILABLE"
    # CloudFormation doesn't answer the other one; the provider knows.
    made.capabilities = [each for each in given["capabilities"] if each in ("CAPABILITY_IAM",)]
    return {
        "applicationId": application_id,
        "changeSetId": change_set_id,
        "semanticVersion": version["semanticVersion"],
        "stackId": stack_id,
    }


def with_everything(apply):
    """moto forgets a change set's outputs and tags, and which capabilities were acknowledged."""

    def patched(self):
        apply(self)
        self.stack.template_dict = self.template_dict
        self.stack.output_map = self.stack._create_output_map()
        self.stack.tags = self.tags or self.stack.tags
        self.stack.capabilities = getattr(self, "capabilities", [])

    return patched


ChangeSet.apply = with_everything(ChangeSet.apply)
Stack.capabilities = []

scope = re.compile(r"Credential=[^/]+/[^/]+/([^/]+)/serverlessrepo/")
path = re.compile(r"^/applications/(.+?)(/changesets)?$")


def answer(environ, region):
    found = path.match(unquote(environ["PATH_INFO"]))
    if found is None:
        raise Refused("404 Not Found", "NotFoundException", environ["PATH_INFO"])
    application_id, changes = found.groups()
    if not changes:
        query = parse_qs(environ.get("QUERY_STRING", ""))
        return "200 OK", application(application_id, query.get("semanticVersion", [None])[0])
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    return "201 Created", change_set(region, application_id, json.loads(body))


def with_repository(dispatch):
    def patched(self, environ, start_response):
        signed = scope.search(environ.get("HTTP_AUTHORIZATION", ""))
        if not signed:
            return dispatch(self, environ, start_response)
        headers = [("Content-Type", "application/json")]
        try:
            status, body = answer(environ, signed[1])
        except Refused as refused:
            status, body = refused.status, {"errorCode": refused.code, "message": str(refused)}
            headers.append(("x-amzn-ErrorType", refused.code))
        start_response(status, headers)
        return [json.dumps(body).encode()]

    return patched


DomainDispatcherApplication.__call__ = with_repository(DomainDispatcherApplication.__call__)
