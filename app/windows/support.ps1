# What every step uses: a log, retries, the instance's own facts and the answer to the launch hook.
$HomePath = 'C:\ProgramData\pe-platform'
$LogPath = "$HomePath\bootstrap.log"
New-Item -ItemType Directory -Path $HomePath -Force | Out-Null

function Write-Log([string]$Text) {
  $line = '{0:yyyy-MM-ddTHH:mm:ssZ} {1}' -f [DateTime]::UtcNow, $Text
  Add-Content -Path $LogPath -Value $line -Encoding UTF8
  Write-Output $line | Out-Host
}

# Entries in the Application log reach CloudWatch and stay readable on the server.
function Write-Event([string]$Text, [string]$Type, [int]$Id) {
  try {
    if (-not [Diagnostics.EventLog]::SourceExists('pe-platform')) {
      New-EventLog -LogName Application -Source 'pe-platform'
    }
    Write-EventLog -LogName Application -Source 'pe-platform' -EntryType $Type -EventId $Id -Message $Text
  } catch {
    # Reporting never decides whether a server starts.
    Write-Log "No event written: $($_.Exception.Message)"
  }
}

function Write-Problem([string]$Text) {
  Write-Log "WARNING $Text"
  Write-Event $Text 'Warning' 1001
}

function Invoke-Retry([string]$What, [scriptblock]$Action, [int]$Attempts = 5) {
  for ($attempt = 1; ; $attempt++) {
    try {
      return (& $Action)
    } catch {
      $reason = $_.Exception.Message
      if ($attempt -ge $Attempts) { throw "$What failed $Attempts times: $reason" }
      Write-Log "$What failed ($reason), trying again"
      Start-Sleep -Seconds (5 * $attempt)
    }
  }
}

# A native command reports by exit code alone.
function Invoke-Native([string]$Program, [string[]]$Arguments) {
  $output = & $Program $Arguments | Out-String
  if ($LASTEXITCODE -ne 0) { throw "$Program $($Arguments -join ' ') ended with $LASTEXITCODE. $output" }
}

# IMDSv2: the launch template refuses requests without a token.
function Get-Metadata([string]$Path) {
  Invoke-Retry "Instance metadata $Path" {
    $base = 'http://169.254.169.254/latest'
    $lifetime = @{ 'X-aws-ec2-metadata-token-ttl-seconds' = '300' }
    $token = Invoke-RestMethod -Method Put -Uri "$base/api/token" -Headers $lifetime -TimeoutSec 5
    $proof = @{ 'X-aws-ec2-metadata-token' = $token }
    Invoke-RestMethod -Uri "$base/meta-data/$Path" -Headers $proof -TimeoutSec 5
  }
}

# CONTINUE puts the server into service, ABANDON has the group replace it.
function Complete-Launch([string]$Result, [string]$InstanceId) {
  $answer = @{
    Region = $Platform.Region
    AutoScalingGroupName = $Platform.AutoScalingGroup
    LifecycleHookName = $Platform.LifecycleHook
    InstanceId = $InstanceId
    LifecycleActionResult = $Result
    Force = $true
  }
  try {
    Invoke-Retry "Answering the launch hook with $Result" { Complete-ASLifecycleAction @answer } 3 | Out-Null
    Write-Log "Launch hook answered: $Result"
  } catch {
    # Run again by hand on a server in service, nothing waits for an answer.
    if ($_.Exception.Message -notmatch 'No active Lifecycle Action') { throw }
    Write-Log 'The launch hook was answered before'
  }
}
