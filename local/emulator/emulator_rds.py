"""Corrections of moto's RDS, and the automated backups that it keeps in another region."""
import uuid

from moto.core.responses import ActionResult
from moto.rds.exceptions import DBInstanceNotFoundError, RDSClientError
from moto.rds.models import DBInstance, DBParameterGroup, RDSBackend, rds_backends
from moto.rds.responses import RDSResponse


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


def never_shrinking(modify):
    """moto shrinks storage; RDS refuses, also where it has grown the storage by itself."""

    def patched(self, db_instance_identifier, db_kwargs):
        database = self.describe_db_instances(db_instance_identifier)[0]
        asked, has = db_kwargs.get("allocated_storage"), int(database.allocated_storage)
        if asked is not None and int(asked) < has:
            message = (
                f"Requested storage size ({asked}) can not be less than the current storage "
                f"size ({has})."
            )
            raise RDSClientError("InvalidParameterCombination", message)
        return modify(self, db_instance_identifier, db_kwargs)

    return patched


RDSBackend.modify_db_instance = never_shrinking(RDSBackend.modify_db_instance)



def with_one_secret(update):
    """moto makes another secret each time it is told that RDS manages the password; RDS keeps its own."""

    def patched(self, manage_master_user_password=None, **kwargs):
        managed = getattr(self, "manage_master_user_password", False)
        asked = None if managed and manage_master_user_password else manage_master_user_password
        return update(self, manage_master_user_password=asked, **kwargs)

    return patched


DBInstance.update = with_one_secret(DBInstance.update)

# moto copies no automated backups to another region. A copy belongs to the region it is in.


def with_backups(init):
    def patched(self, *args, **kwargs):
        init(self, *args, **kwargs)
        self.replicated_backups = {}

    return patched


RDSBackend.__init__ = with_backups(RDSBackend.__init__)


def copies_elsewhere(database):
    """A database's copies, wherever they are: the provider waits until the last is gone."""
    return [
        {"DBInstanceAutomatedBackupsArn": copy["DBInstanceAutomatedBackupsArn"]}
        for backend in rds_backends[database.account_id].values()
        for copy in backend.replicated_backups.values()
        if copy["DBInstanceArn"] == database.db_instance_arn
    ]


DBInstance.DBInstanceAutomatedBackupsReplications = property(copies_elsewhere)


def source_of(self):
    arn = self.params["SourceDBInstanceArn"]
    region, name = arn.split(":")[3], arn.rsplit(":", 1)[-1]
    database = rds_backends[self.current_account][region].databases.get(name)
    if database is None:
        raise DBInstanceNotFoundError(name)
    if region == self.region:
        raise RDSClientError("InvalidParameterValue", "The source is in this region, too.")
    return database


def copies_in(self):
    return list(self.backend.replicated_backups.values())


def start_replication(self):
    database = source_of(self)
    key = self.params.get("KmsKeyId")
    if not int(database.backup_retention_period or 0):
        raise RDSClientError("InvalidDBInstanceState", "Automated backups are not enabled.")
    if database.storage_encrypted and not key:
        message = "An encrypted source needs a key of the destination region."
        raise RDSClientError("InvalidParameterCombination", message)
    # The provider replaces one by a new one first, unless the program says otherwise.
    if any(each["DBInstanceArn"] == database.db_instance_arn for each in copies_in(self)):
        message = "The source is already replicating to the current region."
        raise RDSClientError("InvalidDBInstanceState", message)
    arn = f"arn:aws:rds:{self.region}:{self.current_account}:auto-backup:ab-{uuid.uuid4().hex[:20]}"
    copy = {
        "DBInstanceAutomatedBackupsArn": arn,
        "DBInstanceArn": database.db_instance_arn,
        "DBInstanceIdentifier": database.db_instance_identifier,
        "DbiResourceId": database.dbi_resource_id,
        "Region": database.region,
        "Status": "replicating",
        "Engine": database.engine,
        "EngineVersion": database.engine_version,
        "Encrypted": bool(key),
        "KmsKeyId": key,
        "BackupRetentionPeriod": int(self.params.get("BackupRetentionPeriod") or 7),
        "AllocatedStorage": database.allocated_storage,
    }
    self.backend.replicated_backups[arn] = copy
    return ActionResult({"DBInstanceAutomatedBackup": copy})


def stop_replication(self):
    source = self.params["SourceDBInstanceArn"]
    for copy in copies_in(self):
        if copy["DBInstanceArn"] == source:
            del self.backend.replicated_backups[copy["DBInstanceAutomatedBackupsArn"]]
            return ActionResult({"DBInstanceAutomatedBackup": {**copy, "Status": "retained"}})
    raise RDSClientError("InvalidDBInstanceState", "not replicating to the current region")


def with_copies(own):
    """moto lists a region's own automated backups only."""

    def patched(self):
        arn = self.params.get("DBInstanceAutomatedBackupsArn")
        name = self.params.get("DBInstanceIdentifier")
        copies = [
            copy
            for copy in copies_in(self)
            if arn in (None, copy["DBInstanceAutomatedBackupsArn"])
            and name in (None, copy["DBInstanceIdentifier"])
        ]
        if arn and not copies:
            message = f"{arn} not found."
            raise RDSClientError("DBInstanceAutomatedBackupNotFound", message)
        others = [] if arn else own(self).result["DBInstanceAutomatedBackups"]
        return ActionResult({"DBInstanceAutomatedBackups": [*others, *copies]})

    return patched


RDSResponse.start_db_instance_automated_backups_replication = start_replication
RDSResponse.stop_db_instance_automated_backups_replication = stop_replication
RDSResponse.describe_db_instance_automated_backups = with_copies(
    RDSResponse.describe_db_instance_automated_backups
)
