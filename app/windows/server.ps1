# Windows itself: IIS with ASP.NET, current TLS only, nothing that is not needed.
function Install-WebServer {
  # Named one by one, without the management console.
  $features = @('Web-Server', 'Web-Default-Doc', 'Web-Static-Content', 'Web-Http-Errors',
    'Web-Http-Logging', 'Web-Filtering', 'Web-Stat-Compression', 'Web-Asp-Net45')
  $result = Install-WindowsFeature -Name $features
  if (-not $result.Success) { throw "Windows refused the features $($features -join ', ')" }
  Import-Module WebAdministration
}

function Get-DotNetRelease {
  $key = 'HKLM:\SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full'
  (Get-ItemProperty -Path $key).Release
}

function Set-RegistryNumber([string]$Path, [string]$Name, [int]$Value) {
  if (-not (Test-Path $Path)) { New-Item -Path $Path -Force | Out-Null }
  New-ItemProperty -Path $Path -Name $Name -Value $Value -PropertyType DWord -Force | Out-Null
}

function Protect-Server {
  $protocols = 'HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols'
  foreach ($protocol in 'SSL 2.0', 'SSL 3.0', 'TLS 1.0', 'TLS 1.1') {
    foreach ($side in 'Server', 'Client') {
      Set-RegistryNumber "$protocols\$protocol\$side" 'Enabled' 0
      Set-RegistryNumber "$protocols\$protocol\$side" 'DisabledByDefault' 1
    }
  }
  # .NET asks Windows which TLS to use, whatever version an assembly was built for.
  foreach ($root in 'HKLM:\SOFTWARE', 'HKLM:\SOFTWARE\WOW6432Node') {
    Set-RegistryNumber "$root\Microsoft\.NETFramework\v4.0.30319" 'SystemDefaultTlsVersions' 1
    Set-RegistryNumber "$root\Microsoft\.NETFramework\v4.0.30319" 'SchUseStrongCrypto' 1
  }
  $smb = @{ EnableSMB1Protocol = $false; Force = $true }
  Set-SmbServerConfiguration @smb
  # Session Manager is the way in.
  Set-RegistryNumber 'HKLM:\SYSTEM\CurrentControlSet\Control\Terminal Server' 'fDenyTSConnections' 1
  $root = 'MACHINE/WEBROOT/APPHOST'
  Remove-WebConfigurationProperty -PSPath $root -Filter 'system.webServer/httpProtocol/customHeaders' `
    -Name '.' -AtElement @{ name = 'X-Powered-By' } -ErrorAction SilentlyContinue
  try {
    Set-WebConfigurationProperty -PSPath $root -Name 'removeServerHeader' -Value $true `
      -Filter 'system.webServer/security/requestFiltering'
  } catch {
    Write-Log 'This IIS (2016) cannot leave out its Server header'
  }
}
