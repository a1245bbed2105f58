import type { TablePattern } from "../../functions/database/request";

/** Which tables, as `schema.table` with `%` as a wildcard, and which of their rows. */
export interface TableSelection {
  tables: string[];
  /** Patterns of tables that stay out, although they match. */
  excluded: string[];
  /** Only rows with this value; every table then has the column. */
  filter?: { column: string; value: string };
}

/** `schema.table` in its two parts, each with wildcards. */
export function tablePattern(pattern: string): TablePattern {
  const [schema = "%", table = "%"] = pattern.split(".");
  return { schema, table };
}

/** What DMS keeps of its own inside a database, beside the application's tables. */
export const controlSchema = "platform";

interface SelectionRule extends TablePattern {
  action: "include" | "exclude";
  filter?: { column: string; value: string };
}

/**
 * Table mappings of a task (DMS User Guide, "Specifying table selection"): the tables selected and
 * the heartbeat of the region they come from; neither what is left out by name nor what capture, DMS or
 * this platform keep. The database function captures and judges the same (functions/database/tables.ts).
 */
export function tableMappings(selection: TableSelection, sourceRegion: string): string {
  const { tables, excluded, filter } = selection;
  const rules: SelectionRule[] = [
    ...tables.map((pattern): SelectionRule => ({
      ...tablePattern(pattern),
      action: "include",
      ...(filter ? { filter } : {}),
    })),
    {
      schema: controlSchema,
      table: "heartbeat",
      action: "include",
      filter: { column: "region", value: sourceRegion },
    },
    ...excluded.map((pattern): SelectionRule => ({
      ...tablePattern(pattern),
      action: "exclude",
    })),
    { schema: controlSchema, table: "set_aside", action: "exclude" },
    { schema: controlSchema, table: "not_copied", action: "exclude" },
    { schema: "%", table: "awsdms%", action: "exclude" },
    { schema: "cdc", table: "%", action: "exclude" },
  ];
  return JSON.stringify({
    rules: rules.map(({ schema, table, action, filter: rows }, index) => ({
      "rule-type": "selection",
      "rule-id": String(index + 1),
      "rule-name": String(index + 1),
      "object-locator": { "schema-name": schema, "table-name": table },
      "rule-action": action,
      filters: rows
        ? [
            {
              "filter-type": "source",
              "column-name": rows.column,
              "filter-conditions": [{ "filter-operator": "eq", value: rows.value }],
            },
          ]
        : [],
    })),
  });
}

export interface TaskSettingsArgs {
  /** Tables are emptied before the load; otherwise rows are added to what is there. */
  emptyFirst: boolean;
  /** Changes that the opposite task brought are not sent back. */
  loopbackPrevention: boolean;
}

const logComponents = [
  "TRANSFORMATION",
  "SOURCE_UNLOAD",
  "IO",
  "TARGET_LOAD",
  "PERFORMANCE",
  "SOURCE_CAPTURE",
  "SORTER",
  "REST_SERVER",
  "VALIDATOR_EXT",
  "TARGET_APPLY",
  "TASK_MANAGER",
  "TABLES_MANAGER",
  "METADATA_MANAGER",
  "FILE_FACTORY",
  "COMMON",
  "ADDONS",
  "DATA_STRUCTURE",
  "COMMUNICATION",
  "FILE_TRANSFER",
];

/**
 * The whole settings document of a task, in DMS's own spelling and order, so that what AWS gives
 * back equals what was sent and no run finds a difference. The log group's name is left out: DMS
 * fills it in, and the provider refuses it.
 *
 * Where these differ from DMS's defaults, and why (DMS User Guide, "Specifying task settings"):
 * full LOB mode, because a limited one cuts documents off without an error; validation, because a
 * copy is only worth what it can prove; errors stop the task instead of leaving a table behind
 * silently; connections are retried for ever, because a database fails over and a password rotates.
 */
export function taskSettings({ emptyFirst, loopbackPrevention }: TaskSettingsArgs): string {
  return JSON.stringify({
    TargetMetadata: {
      TargetSchema: "",
      SupportLobs: true,
      FullLobMode: true,
      LobChunkSize: 64,
      LimitedSizeLobMode: false,
      LobMaxSize: 0,
      InlineLobMaxSize: 32,
      LoadMaxFileSize: 0,
      ParallelLoadThreads: 0,
      ParallelLoadBufferSize: 0,
      ParallelLoadQueuesPerThread: 0,
      ParallelApplyThreads: 0,
      ParallelApplyBufferSize: 0,
      ParallelApplyQueuesPerThread: 0,
      // One by one, in the order of the source's commits: a copy that is consistent at any moment.
      BatchApplyEnabled: false,
      TaskRecoveryTableEnabled: false,
    },
    FullLoadSettings: {
      TargetTablePrepMode: emptyFirst ? "TRUNCATE_BEFORE_LOAD" : "DO_NOTHING",
      CreatePkAfterFullLoad: false,
      StopTaskCachedChangesApplied: false,
      StopTaskCachedChangesNotApplied: false,
      MaxFullLoadSubTasks: 8,
      TransactionConsistencyTimeout: 600,
      CommitRate: 10000,
    },
    Logging: {
      EnableLogging: true,
      EnableLogContext: false,
      LogComponents: logComponents.map((Id) => ({ Id, Severity: "LOGGER_SEVERITY_DEFAULT" })),
    },
    ControlTablesSettings: {
      ControlSchema: controlSchema,
      HistoryTimeslotInMinutes: 5,
      HistoryTableEnabled: false,
      SuspendedTablesTableEnabled: true,
      StatusTableEnabled: true,
      FullLoadExceptionTableEnabled: true,
    },
    StreamBufferSettings: {
      StreamBufferCount: 3,
      StreamBufferSizeInMB: 8,
      CtrlStreamBufferSizeInMB: 5,
    },
    // The schema comes from the application's own migrations, in both regions.
    ChangeProcessingDdlHandlingPolicy: {
      HandleSourceTableDropped: false,
      HandleSourceTableTruncated: false,
      HandleSourceTableAltered: false,
    },
    ErrorBehavior: {
      DataErrorPolicy: "SUSPEND_TABLE",
      EventErrorPolicy: "IGNORE",
      DataTruncationErrorPolicy: "SUSPEND_TABLE",
      DataErrorEscalationPolicy: "STOP_TASK",
      DataErrorEscalationCount: 0,
      TableErrorPolicy: "STOP_TASK",
      TableErrorEscalationPolicy: "STOP_TASK",
      TableErrorEscalationCount: 0,
      RecoverableErrorCount: -1,
      RecoverableErrorInterval: 5,
      RecoverableErrorThrottling: true,
      RecoverableErrorThrottlingMax: 60,
      RecoverableErrorStopRetryAfterThrottlingMax: false,
      ApplyErrorDeletePolicy: "IGNORE_RECORD",
      ApplyErrorInsertPolicy: "UPDATE_RECORD",
      ApplyErrorUpdatePolicy: "INSERT_RECORD",
      ApplyErrorEscalationPolicy: "LOG_ERROR",
      ApplyErrorEscalationCount: 0,
      ApplyErrorFailOnTruncationDdl: false,
      FullLoadIgnoreConflicts: true,
      FailOnTransactionConsistencyBreached: false,
      FailOnNoTablesCaptured: false,
    },
    ChangeProcessingTuning: {
      BatchApplyPreserveTransaction: true,
      BatchApplyTimeoutMin: 1,
      BatchApplyTimeoutMax: 30,
      BatchApplyMemoryLimit: 500,
      BatchSplitSize: 0,
      MinTransactionSize: 1000,
      CommitTimeout: 1,
      MemoryLimitTotal: 1024,
      MemoryKeepTime: 60,
      StatementCacheSize: 50,
      RecoveryTimeout: -1,
    },
    ValidationSettings: {
      EnableValidation: true,
      ValidationMode: "ROW_LEVEL",
      ThreadCount: 5,
      FailureMaxCount: 10000,
      TableFailureMaxCount: 1000,
      HandleCollationDiff: false,
      RecordFailureDelayLimitInMinutes: 0,
      RecordSuspendDelayInMinutes: 30,
      RecordFailureDelayInMinutes: 5,
      SkipLobColumns: false,
      ValidationPartialLobSize: 0,
      ValidationOnly: false,
      ValidationQueryCdcDelaySeconds: 0,
      PartitionSize: 10000,
      MaxKeyColumnSize: 8096,
    },
    ...(loopbackPrevention
      ? {
          LoopbackPreventionSettings: {
            EnableLoopbackPrevention: true,
            SourceSchema: controlSchema,
            TargetSchema: controlSchema,
          },
        }
      : {}),
    CharacterSetSettings: null,
    BeforeImageSettings: null,
    FailTaskWhenCleanTaskResourceFailed: false,
    TTSettings: null,
    PostProcessingRules: null,
  });
}
