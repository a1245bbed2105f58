# The CloudWatch agent goes first: should a later step fail, its reason is in the log group even
# though the server is thrown away.
$AgentPath = 'C:\Program Files\Amazon\AmazonCloudWatchAgent'

function Install-Agent {
  if (Test-Path "$AgentPath\amazon-cloudwatch-agent-ctl.ps1") { return }
  # AWS's bucket of this region: reached through the S3 gateway endpoint, without internet.
  $region = $Platform.Region
  $source = "https://amazoncloudwatch-agent-$region.s3.$region.amazonaws.com"
  $installer = "$HomePath\amazon-cloudwatch-agent.msi"
  Invoke-Retry 'Fetching the CloudWatch agent' {
    $uri = "$source/windows/amd64/latest/amazon-cloudwatch-agent.msi"
    Invoke-WebRequest -Uri $uri -OutFile $installer -UseBasicParsing -TimeoutSec 120
  } 3
  $signature = Get-AuthenticodeSignature -FilePath $installer
  $signer = ''
  if ($signature.SignerCertificate) { $signer = $signature.SignerCertificate.Subject }
  $amazon = '(^|, )O="?(Amazon\.com Services LLC|Amazon\.com,? Inc\.|Amazon Web Services,? Inc\.)"?(,|$)'
  if ($signature.Status -ne 'Valid' -or $signer -notmatch $amazon) {
    throw "The CloudWatch agent's installer is not validly signed by Amazon: $($signature.Status) $signer"
  }
  $arguments = @('/i', "`"$installer`"", '/qn', '/norestart')
  $process = Start-Process msiexec.exe -ArgumentList $arguments -Wait -PassThru
  if (@(0, 3010) -notcontains $process.ExitCode) {
    throw "The CloudWatch agent's installer ended with $($process.ExitCode)"
  }
}

function Start-Agent([string]$InstanceId) {
  $group = $Platform.LogGroup
  $dimensions = @{ AutoScalingGroupName = $Platform.AutoScalingGroup; InstanceId = $InstanceId }
  $events = foreach ($log in 'System', 'Application') {
    @{
      event_name = $log
      event_levels = @('CRITICAL', 'ERROR', 'WARNING')
      log_group_name = $group
      log_stream_name = "$InstanceId/$($log.ToLower())"
    }
  }
  $files = foreach ($file in @(
      @('bootstrap', $LogPath),
      @('iis', 'C:\inetpub\logs\LogFiles\W3SVC*\*.log'),
      @('http-errors', 'C:\Windows\System32\LogFiles\HTTPERR\*.log'))) {
    @{
      file_path = $file[1]
      log_group_name = $group
      log_stream_name = "$InstanceId/$($file[0])"
      timezone = 'UTC'
    }
  }
  $counters = @{}
  foreach ($counter in @(
      @('Memory', '% Committed Bytes In Use', $null),
      @('LogicalDisk', '% Free Space', 'C:'),
      @('Processor', '% Processor Time', '_Total'),
      @('Web Service', 'Current Connections', '_Total'),
      @('ASP.NET Applications', 'Requests/Sec', '__Total__'),
      @('ASP.NET', 'Requests Queued', $null))) {
    $section = @{
      measurement = @($counter[1])
      metrics_collection_interval = 60
      append_dimensions = $dimensions
    }
    if ($counter[2]) { $section.resources = @($counter[2]) }
    $counters[$counter[0]] = $section
  }
  $settings = @{
    agent = @{ region = $Platform.Region }
    logs = @{ logs_collected = @{
        windows_events = @{ collect_list = @($events) }
        files = @{ collect_list = @($files) }
      } }
    metrics = @{
      namespace = $Platform.MetricNamespace
      aggregation_dimensions = @(, @('AutoScalingGroupName'))
      metrics_collected = $counters
    }
  }
  $path = "$HomePath\cloudwatch-agent.json"
  # Without the byte-order mark that Set-Content writes and the agent refuses.
  [IO.File]::WriteAllText($path, ($settings | ConvertTo-Json -Depth 10))
  # In a process of its own: AWS's script is not written for this one's strict mode.
  Invoke-Native 'powershell.exe' @('-NoProfile', '-ExecutionPolicy', 'Bypass', '-File',
    "$AgentPath\amazon-cloudwatch-agent-ctl.ps1", '-a', 'fetch-config', '-m', 'ec2', '-s', '-c', "file:$path")
}

# A server without its agent still serves: the missing part is reported, not fatal.
function Set-Agent([string]$InstanceId) {
  try {
    Install-Agent
    Start-Agent $InstanceId
    Write-Log 'The CloudWatch agent runs'
  } catch {
    Write-Problem "No CloudWatch agent on this server: $($_.Exception.Message)"
  }
}
