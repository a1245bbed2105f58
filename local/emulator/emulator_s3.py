"""Corrections of moto's S3.

Bucket policies that refuse some requests: moto applies every Deny, whatever its conditions say.
Here a Deny counts only where its conditions hold for the request at hand. Known are the operators
and keys below; a Deny with any other stays as strict as moto makes it.

Buckets whose versioning was suspended, as a destroy does first: moto then takes the deletion of one
version for that of the whole object, and fails at delete markers.
"""
from flask import has_request_context, request
from moto.iam.access_control import IAMPolicyStatement, PermissionResult
from moto.s3.models import S3Backend

# Keys that are headers of an S3 request: `s3:x-amz-server-side-encryption` and those beside it.
header_prefix = "s3:x-amz-"


def value_of(key):
    """The request's value, None where it has none. The emulator has no TLS: it counts as used."""
    if key.lower() == "aws:securetransport":
        return "true"
    return request.headers.get(key.removeprefix("s3:"))


def holds(operator, key, wanted):
    """Of several wanted values one is enough, or none of them may match where it is negated."""
    actual = value_of(key)
    values = [str(value).lower() for value in (wanted if isinstance(wanted, list) else [wanted])]
    if operator == "Null":
        return ("true" if actual is None else "false") in values
    if operator == "Bool":
        return actual is not None and actual.lower() in values
    # A negated comparison is true where the request lacks the key.
    return actual is None or actual.lower() not in values


def is_known(operator, key):
    if operator == "Bool":
        return key.lower() == "aws:securetransport"
    return operator in ("Null", "StringNotEquals") and key.lower().startswith(header_prefix)


def with_conditions(is_action_permitted):
    def patched(self, *args, **kwargs):
        statement = self._statement
        conditions = [
            (operator, key, wanted)
            for operator, keys in statement.get("Condition", {}).items()
            for key, wanted in keys.items()
        ]
        if statement["Effect"] == "Deny" and conditions and has_request_context():
            if all(is_known(operator, key) for operator, key, _ in conditions):
                if not all(holds(*condition) for condition in conditions):
                    return PermissionResult.NEUTRAL
                return is_action_permitted(without_conditions(self), *args, **kwargs)
        return is_action_permitted(self, *args, **kwargs)

    return patched


def without_conditions(statement):
    rest = {name: value for name, value in statement._statement.items() if name != "Condition"}
    return IAMPolicyStatement(rest)


IAMPolicyStatement.is_action_permitted = with_conditions(IAMPolicyStatement.is_action_permitted)


def one_version_only(delete_object):
    def patched(self, bucket_name, key_name, version_id=None, bypass=False):
        bucket = self.get_bucket(bucket_name)
        suspended = version_id is not None and bucket.versioning_status == "Suspended"
        if suspended:
            bucket.versioning_status = "Enabled"
        try:
            return delete_object(self, bucket_name, key_name, version_id, bypass)
        finally:
            if suspended:
                bucket.versioning_status = "Suspended"

    return patched


S3Backend.delete_object = one_version_only(S3Backend.delete_object)
