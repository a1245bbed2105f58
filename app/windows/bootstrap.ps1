# Runs once at the first start (EC2Launch) and may be run again by hand.
$InstanceId = ''
try {
  $InstanceId = Get-Metadata 'instance-id'
  Write-Log "Bootstrap of $($Platform.Role) server $InstanceId in $($Platform.Region)"
  Set-Agent $InstanceId
  Install-WebServer
  Protect-Server
  $path = Install-Site
  Assert-Framework $path
  Write-Settings $path $InstanceId
  Set-MachineKey
  if ($Platform.Role -eq 'app') { Import-DatabaseAuthorities $path }
  $thumbprint = (Get-ServerCertificate).Thumbprint
  Start-Site $path $thumbprint
  Wait-Site $thumbprint
  Write-Event 'The site answers; this server goes into service' 'Information' 1000
  Complete-Launch 'CONTINUE' $InstanceId
} catch {
  $failure = "Bootstrap failed at line $($_.InvocationInfo.ScriptLineNumber): $($_.Exception.Message)"
  Write-Log $failure
  Write-Event $failure 'Error' 1002
  # The agent sends the reason before the server goes.
  Start-Sleep -Seconds 30
  if ($InstanceId) { Complete-Launch 'ABANDON' $InstanceId }
  throw
}
