# The site: fetched, checked, given its settings and keys, and bound to 443 alone.
$SiteName = 'pe-platform'

function Install-Site {
  $hash = $Platform.ArtifactSha256
  $archive = "$HomePath\site.zip"
  Invoke-Retry "Fetching s3://$($Platform.ArtifactBucket)/$($Platform.ArtifactKey)" {
    Read-S3Object -BucketName $Platform.ArtifactBucket -Key $Platform.ArtifactKey -File $archive `
      -Region $Platform.Region
  } | Out-Null
  $actual = (Get-FileHash -Path $archive -Algorithm SHA256).Hash
  if ($actual -ne $hash) {
    throw "The site's artifact has SHA-256 $actual but $hash is expected: it was changed or is another version"
  }
  $path = "C:\inetpub\$SiteName\$($hash.Substring(0, 12))"
  if (Test-Path $path) { Remove-Item -Path $path -Recurse -Force }
  Expand-Archive -Path $archive -DestinationPath $path
  Remove-Item -Path $archive
  Invoke-Native 'icacls.exe' @($path, '/grant', 'IIS_IUSRS:(OI)(CI)RX', '/Q')
  Write-Log "Site $hash is in $path"
  $path
}

# A site for a newer framework fails at its first request with an obscure page: say it now.
function Assert-Framework([string]$Path) {
  $release = Get-DotNetRelease
  Write-Log ".NET Framework release $release"
  if (-not (Test-Path "$Path\web.config")) { return }
  $node = ([xml](Get-Content -Path "$Path\web.config" -Raw)).SelectSingleNode(
    '/configuration/system.web/httpRuntime/@targetFramework')
  if (-not $node) { return }
  $needed = @{ '4.6.2' = 394802; '4.7' = 460798; '4.7.1' = 461308; '4.7.2' = 461808
    '4.8' = 528040; '4.8.1' = 533320 }[$node.Value]
  if ($needed -and $release -lt $needed) {
    throw ("The site targets .NET Framework $($node.Value), this image has release $release. " +
      'Use a newer windows.version (2022 has 4.8) or an image of your own with it (amiId)')
  }
}

function Write-Settings([string]$Path, [string]$InstanceId) {
  $xml = New-Object System.Xml.XmlDocument
  $root = $xml.AppendChild($xml.CreateElement('appSettings'))
  $own = [ordered]@{
    role = $Platform.Role
    region = $Platform.Region
    zone = Get-Metadata 'placement/availability-zone'
    instanceId = $InstanceId
  }
  foreach ($settings in $Platform.Settings, $own) {
    foreach ($name in $settings.Keys) {
      $item = $root.SelectSingleNode("add[@key='$name']")
      if (-not $item) { $item = $root.AppendChild($xml.CreateElement('add')) }
      $item.SetAttribute('key', $name)
      $item.SetAttribute('value', $settings[$name])
    }
  }
  $xml.Save("$Path\platform.config")
}

# Machine-wide, so that a site brings no key and all servers of the region share one.
function Set-MachineKey {
  $text = Invoke-Retry 'Reading the machine key' {
    (Get-SECSecretValue -SecretId $Platform.MachineKeySecretArn -Region $Platform.Region).SecretString
  }
  $keys = $text | ConvertFrom-Json
  $values = [ordered]@{
    validationKey = $keys.validationKey
    decryptionKey = $keys.decryptionKey
    validation = 'HMACSHA256'
    decryption = 'AES'
  }
  # The file itself, of the framework that runs here: IIS' cmdlets may mean another version's.
  $file = [Runtime.InteropServices.RuntimeEnvironment]::GetRuntimeDirectory() + 'Config\web.config'
  $xml = New-Object System.Xml.XmlDocument
  $xml.Load($file)
  $web = $xml.SelectSingleNode('/configuration/system.web')
  if (-not $web) { $web = $xml.DocumentElement.AppendChild($xml.CreateElement('system.web')) }
  $node = $web.SelectSingleNode('machineKey')
  if (-not $node) { $node = $web.AppendChild($xml.CreateElement('machineKey')) }
  foreach ($name in $values.Keys) { $node.SetAttribute($name, $values[$name]) }
  $xml.Save($file)
}

# RDS signs with authorities of its own, one set per region, that Windows does not know. The sample
# site carries them; with a site that does not, AWS's trust store is asked.
function Import-DatabaseAuthorities([string]$Path) {
  $files = @(Get-ChildItem -Path "$Path\rds-ca\*.cer" -ErrorAction SilentlyContinue)
  if ($files.Count -eq 0) {
    $region = $Platform.Region
    $bundle = "$HomePath\rds-ca.p7b"
    try {
      Invoke-WebRequest -UseBasicParsing -TimeoutSec 20 -OutFile $bundle `
        -Uri "https://truststore.pki.rds.amazonaws.com/$region/$region-bundle.p7b"
      $files = @(Get-Item $bundle)
    } catch {
      Write-Problem ("No RDS certificate authorities: the site has no rds-ca folder and AWS's trust store " +
        "did not answer ($($_.Exception.Message)). Verified connections to the database will fail")
    }
  }
  foreach ($file in $files) {
    Import-Certificate -FilePath $file.FullName -CertStoreLocation 'Cert:\LocalMachine\Root' | Out-Null
  }
  Write-Log "RDS certificate authorities imported from $($files.Count) files"
}

# The load balancer encrypts to it and does not check it: each server makes its own.
function Get-ServerCertificate {
  $store = 'Cert:\LocalMachine\My'
  $known = Get-ChildItem $store | Where-Object {
    $_.FriendlyName -eq $SiteName -and $_.NotAfter -gt (Get-Date).AddDays(30)
  } | Select-Object -First 1
  if ($known) { return $known }
  New-SelfSignedCertificate -DnsName $env:COMPUTERNAME -CertStoreLocation $store -FriendlyName $SiteName `
    -KeyAlgorithm RSA -KeyLength 2048 -KeyExportPolicy NonExportable -NotAfter (Get-Date).AddDays(825)
}

function Start-Site([string]$Path, [string]$Thumbprint) {
  @(Get-Website) | ForEach-Object { Remove-Website -Name $_.Name }
  if (Test-Path "IIS:\AppPools\$SiteName") { Remove-WebAppPool -Name $SiteName }
  New-WebAppPool -Name $SiteName | Out-Null
  $pool = "IIS:\AppPools\$SiteName"
  Set-ItemProperty $pool -Name managedRuntimeVersion -Value 'v4.0'
  Set-ItemProperty $pool -Name startMode -Value 'AlwaysRunning'
  # Both end the worker, and with it the sessions in its memory: by default after 20 idle minutes, and
  # every 29 hours (IIS, "<processModel>" and "<periodicRestart>").
  foreach ($limit in 'processModel.idleTimeout', 'recycling.periodicRestart.time') {
    Set-ItemProperty $pool -Name $limit -Value ([TimeSpan]::Zero)
  }
  # With no site left, New-Website finds no number by itself.
  New-Website -Name $SiteName -Id 1 -PhysicalPath $Path -ApplicationPool $SiteName -Port 443 -Ssl | Out-Null
  & netsh.exe http delete sslcert 'ipport=0.0.0.0:443' | Out-Null
  $binding = @('http', 'add', 'sslcert', 'ipport=0.0.0.0:443', "certhash=$Thumbprint",
    'appid={4dc3e181-e14b-4a21-b022-59fc669b0914}', 'certstorename=MY')
  try {
    # In force at once; SCHANNEL's registry settings wait for a restart.
    Invoke-Native 'netsh.exe' ($binding + 'disablelegacytls=enable')
  } catch {
    Write-Log 'This Windows (2016) takes no TLS floor per binding; SCHANNEL applies after a restart'
    Invoke-Native 'netsh.exe' $binding
  }
  Start-Service W3SVC
  if ((Get-Website -Name $SiteName).State -ne 'Started') { Start-Website -Name $SiteName }
}

# Only a 200 from this very server, under its own certificate, counts. By address: the name may
# resolve to IPv6, where no certificate is bound.
function Wait-Site([string]$Thumbprint) {
  if (-not ('PePlatform.Own' -as [type])) {
    Add-Type -TypeDefinition ('namespace PePlatform { public static class Own { ' +
      'public static void Pin(System.Net.HttpWebRequest request, string thumbprint) { ' +
      'request.ServerCertificateValidationCallback = (sender, certificate, chain, errors) => ' +
      'certificate.GetCertHashString() == thumbprint; } } }')
  }
  $deadline = (Get-Date).AddMinutes(5)
  while ($true) {
    try {
      $request = [Net.HttpWebRequest]::Create('https://127.0.0.1/healthz')
      $request.Timeout = 60000
      $request.AllowAutoRedirect = $false
      [PePlatform.Own]::Pin($request, $Thumbprint)
      $response = $request.GetResponse()
      $status = [int]$response.StatusCode
      $response.Close()
      if ($status -eq 200) { return }
      $reason = "status $status"
    } catch {
      $reason = $_.Exception.GetBaseException().Message
    }
    if ((Get-Date) -gt $deadline) { throw "https://127.0.0.1/healthz gave no 200 within 5 minutes: $reason" }
    Start-Sleep -Seconds 5
  }
}
