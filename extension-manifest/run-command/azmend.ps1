<#
  SPDX-License-Identifier: MIT
  Runs azmend.exe through Run Command: takes the program from beside this script (artifacts) or downloads it, checks its
  SHA-256, and runs it. On standard output stand only the program's table and last line, at most 4,096 bytes of ASCII, which
  is what Run Command keeps and what Windows PowerShell 5.1 can decode whatever the OEM code page. Where the program could
  not be run, the last line says so in the same form.
#>
param(
    [ValidateSet('check', 'plan', 'fix')] [string] $Command = 'check',
    # https URL of azmend.exe, or that in base64: the characters of a SAS do not survive every way here.
    [string] $Uri = '',
    # plain: the verdict. always-zero: action Run Command, which can lose the output of what failed.
    [ValidateSet('plain', 'always-zero', 'completed')] [string] $ExitCode = 'plain',
    # Further options of azmend, separated by blanks, or that in base64.
    [string] $Options = '',
    # Which release this is, for a policy to count; any text that changes makes the same command run again.
    [string] $Release = '',
    [string] $Run = ''
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$expectedHash = '@AZMEND_SHA256@'
$program = 'azmend.exe'
$downloadTries = 5
$downloadSeconds = 60

function Write-Failure([string] $Code, [string] $Text) {
    $plain = ($Text -replace '[^\x20-\x7e]', '?') -replace '["\\]', '?'
    if ($plain.Length -gt 500) { $plain = $plain.Substring(0, 500) }
    '{"result":"azmend.result/1","detail":7,"runId":"","mode":"' + $Command + '",' +
        '"runner":{"version":"@AZMEND_VERSION@","commit":""},"verdict":"failed",' +
        '"error":{"code":"' + $Code + '","text":"run-command: ' + $plain + '"}}'
}

# The text itself, where it begins as such a text does; else what it is the base64 of.
function Get-Plain([string] $Text, [string] $Begin) {
    if ($Text -eq '' -or $Text.StartsWith($Begin)) { return $Text }
    $plain = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($Text))
    if (-not $plain.StartsWith($Begin)) { throw "a parameter begins neither with $Begin nor is base64 of that" }
    return $plain
}

function Save-Program([string] $Address, [string] $Path) {
    # Server 2012 R2 and 2016 do not offer TLS 1.2 by themselves.
    [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor 3072
    for ($try = 1; $try -le $downloadTries; $try++) {
        try {
            Invoke-WebRequest -UseBasicParsing -Uri $Address -OutFile $Path -TimeoutSec $downloadSeconds
            return
        }
        catch {
            # The message of a web error can hold the address, and that a SAS.
            if ($try -eq $downloadTries) { throw 'download failed: ' + $_.Exception.GetType().Name + ' ' + [string]$_.Exception.Status }
            Start-Sleep -Milliseconds (Get-Random -Minimum 500 -Maximum ([int](1000 * [Math]::Pow(2, $try))))
        }
    }
}

$folder = $null
$code = 1
$reason = 'io'
try {
    $path = Join-Path $PSScriptRoot $program
    if (-not (Test-Path -LiteralPath $path)) {
        if ($Uri -eq '') { throw 'azmend.exe is not beside the script, and no Uri is given' }
        # A folder that only administrators can write to: what lies there will run as SYSTEM.
        $folder = Join-Path $env:ProgramFiles ('azmend\run-' + [Guid]::NewGuid().ToString('N'))
        New-Item -ItemType Directory -Path $folder | Out-Null
        $path = Join-Path $folder $program
        Save-Program (Get-Plain $Uri 'https://') $path
    }
    $reason = 'invalid'
    $hash = (Get-FileHash -LiteralPath $path -Algorithm SHA256).Hash
    if ($hash -ne $expectedHash) { throw "SHA-256 of azmend.exe is $hash, expected $expectedHash" }

    $arguments = @($Command, '--exit-code', $ExitCode)
    $arguments += @((Get-Plain $Options '--') -split ' +' | Where-Object { $_ -ne '' })
    # What a program says on stderr is no error of this script.
    $ErrorActionPreference = 'Continue'
    & $path $arguments
    $code = $LASTEXITCODE
}
catch {
    Write-Failure $reason $_.Exception.Message
    if ($ExitCode -eq 'always-zero') { $code = 0 }
}
finally {
    if ($folder) { Remove-Item -LiteralPath $folder -Recurse -Force -ErrorAction SilentlyContinue }
}
exit $code
