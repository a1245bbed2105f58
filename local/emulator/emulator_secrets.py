"""Corrections of moto's KMS and Secrets Manager."""
import json

from moto.kms.responses import KmsResponse
from moto.secretsmanager.models import FakeSecret, ReplicaSecret, SecretsManagerBackend


def keep_period(enable):
    """moto forgets how often a key is rotated."""

    def patched(self):
        answer = enable(self)
        key = self.kms_backend.keys[self.kms_backend.get_key_id(self._get_param("KeyId"))]
        key.rotation_period = self._get_param("RotationPeriodInDays") or 365
        return answer

    return patched


def with_period(status):
    def patched(self):
        answer = json.loads(status(self))
        key = self.kms_backend.keys[self.kms_backend.get_key_id(self._get_param("KeyId"))]
        if answer["KeyRotationEnabled"]:
            answer["RotationPeriodInDays"] = getattr(key, "rotation_period", 365)
        return json.dumps({**answer, "KeyId": key.id})

    return patched


KmsResponse.enable_key_rotation = keep_period(KmsResponse.enable_key_rotation)
KmsResponse.get_key_rotation_status = with_period(KmsResponse.get_key_rotation_status)


def with_own_key(create_replicas):
    """moto forgets the key that a secret's copy in another region is encrypted with."""

    def patched(self, replica_regions, *args, **kwargs):
        replicas = create_replicas(self, replica_regions, *args, **kwargs)
        keys = {each["Region"]: each.get("KmsKeyId") for each in replica_regions or []}
        for replica in replicas:
            replica.config["KmsKeyId"] = keys[replica.region] or replica.config["KmsKeyId"]
        return replicas

    return patched


def shown_with_own_key(to_dict):
    return lambda self: {**to_dict(self), "KmsKeyId": self.config["KmsKeyId"]}


FakeSecret.create_replicas = with_own_key(FakeSecret.create_replicas)
ReplicaSecret.to_dict = shown_with_own_key(ReplicaSecret.to_dict)


def without_a_new_version(rotate):
    """
    The emulator's functions rotate nothing. moto nevertheless leaves a version without a value
    behind, which is pending forever, or even current.
    """

    def patched(self, secret_id, *args, **kwargs):
        secret = self.secrets.get(secret_id)
        before = dict(getattr(secret, "versions", {}))
        current = getattr(secret, "default_version_id", None)
        answer = rotate(self, secret_id, *args, **kwargs)
        if secret.rotation_lambda_arn:
            secret.versions = before
            secret.set_default_version_id(current)
        return answer

    return patched


SecretsManagerBackend.rotate_secret = without_a_new_version(SecretsManagerBackend.rotate_secret)
