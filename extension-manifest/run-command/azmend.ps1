<#
  SPDX-License-Identifier: MIT
  Runs azmend.exe through Run Command: takes the program from beside this script (artifacts) or downloads it, checks its
  SHA-256, and runs it. On standard output stand only the program's table and last line, at most 4,096 bytes of ASCII, which
  is what Run Command keeps and what Windows PowerShell 5.1 can decode whatever the OEM code page. Where the program could
  not be run, the last line says so in the same form.
  A download always lies at one path, %ProgramFiles%\azmend\run-command\azmend.exe, so that a rule for a path (allow list of the
  Metadata Security Protocol, AppLocker) holds for every run. Runs at the same time share it: who holds it open keeps it as it is.
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
$placeTries = 5
# A folder and its files for SYSTEM and Administrators alone; theirs, and nothing inherited.
$ownSddl = 'O:BAG:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)'
$ownSids = @('S-1-5-18', 'S-1-5-32-544')

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
            # The message of a web error can hold the address, and that a SAS. 401, 403, 404: who may read it, and is it there; no
            # number: the way there (NameResolutionFailure, ConnectFailure, Timeout, TrustFailure).
            $answer = $_.Exception.Response
            $told = if ($answer) { 'HTTP ' + [int]$answer.StatusCode } else { $_.Exception.GetType().Name + ' ' + [string]$_.Exception.Status }
            if ($try -eq $downloadTries) { throw 'download failed: ' + $told }
            Start-Sleep -Milliseconds (Get-Random -Minimum 500 -Maximum ([int](1000 * [Math]::Pow(2, $try))))
        }
    }
}

# Why Windows did not start the program: the system's number below the exception; null: it has none.
function Get-SystemError([Exception] $Failure) {
    for ($at = $Failure; $at; $at = $at.InnerException) {
        if ($at -is [ComponentModel.Win32Exception]) { return $at.NativeErrorCode }
    }
    return $null
}

# What kept the program from starting, and what to look at.
function Get-Blocker([Exception] $Failure) {
    $number = Get-SystemError $Failure
    $by = switch ($number) {
        4551 { 'App Control (WDAC): event 3077 in CodeIntegrity/Operational' }
        1260 { 'a policy (AppLocker or software restriction): event 8004 in AppLocker/EXE and DLL' }
        225 { 'the antivirus: event 1116 in Windows Defender/Operational' }
        5 { 'a right or a rule (access denied)' }
        default { $Failure.Message }
    }
    return "Windows did not start azmend.exe: error $number, $by"
}

# Is it a folder, no link, that is ours and that nobody else may open?
function Test-Own([string] $Path) {
    $item = Get-Item -LiteralPath $Path -Force
    if (-not $item.PSIsContainer -or ($item.Attributes -band [IO.FileAttributes]::ReparsePoint)) { return $false }
    $acl = Get-Acl -LiteralPath $Path
    $rules = $acl.GetAccessRules($true, $true, [Security.Principal.SecurityIdentifier])
    $others = @($rules | Where-Object { $_.AccessControlType -eq 'Allow' -and $ownSids -notcontains $_.IdentityReference.Value })
    # A descriptor without a list lets everybody in, and shows no rules.
    return $others.Count -eq 0 -and $rules.Count -gt 0 -and
        $ownSids -contains $acl.GetOwner([Security.Principal.SecurityIdentifier]).Value
}

# The folder, made with its rights; one that somebody else made is renamed aside, and neither read nor deleted.
function Set-OwnFolder([string] $Path) {
    if ((Test-Path -LiteralPath $Path) -and -not (Test-Own $Path)) {
        Rename-Item -LiteralPath $Path -NewName ((Split-Path -Leaf $Path) + '.foreign-' + [Guid]::NewGuid().ToString('N'))
    }
    $security = New-Object Security.AccessControl.DirectorySecurity
    $security.SetSecurityDescriptorSddlForm($ownSddl)
    # One that is there by now stays as it is; whose it is, is asked below.
    [IO.Directory]::CreateDirectory($Path, $security) | Out-Null
    if (-not (Test-Own $Path)) { throw "$Path belongs to somebody else: delete it and run this again" }
}

# The file, held open so that it can be run but neither written, renamed nor deleted; null: not there, or not the one.
function Open-Checked([string] $Path) {
    try { $file = [IO.File]::Open($Path, 'Open', 'Read', 'Read') } catch { return $null }
    if ((Get-FileHash -LiteralPath $Path -Algorithm SHA256).Hash -eq $expectedHash) { return $file }
    $file.Dispose()
    return $null
}

# Puts a copy in place, whole or not at all, and opens it; null: another release is in use there.
function Install-Program([string] $From, [string] $To) {
    for ($try = 1; $try -le $placeTries; $try++) {
        try {
            if (Test-Path -LiteralPath $To) { Rename-Item -LiteralPath $To -NewName ('old-' + [Guid]::NewGuid().ToString('N') + '.exe') }
            Copy-Item -LiteralPath $From -Destination ($From + '.copy') -Force
            [IO.File]::Move($From + '.copy', $To)
        }
        catch { Start-Sleep -Milliseconds (Get-Random -Minimum 300 -Maximum 1500) }
        # Who was faster may have put the same one there.
        $file = Open-Checked $To
        if ($file) { return $file }
    }
    return $null
}

$folder = $null
$own = $null
$file = $null
$code = 1
$reason = 'io'
try {
    $path = Join-Path $PSScriptRoot $program
    if (-not (Test-Path -LiteralPath $path)) {
        $reason = 'not_found'
        if ($Uri -eq '') { throw 'azmend.exe is not beside the script, and no Uri is given' }
        $reason = 'io'
        $above = Join-Path $env:ProgramFiles 'azmend'
        if (-not (Test-Path -LiteralPath $above)) { New-Item -ItemType Directory -Path $above -ErrorAction SilentlyContinue | Out-Null }
        $own = Join-Path $above 'run-command'
        Set-OwnFolder $own
        $path = Join-Path $own $program
        $file = Open-Checked $path
        if (-not $file) {
            $folder = Join-Path $own ('new-' + [Guid]::NewGuid().ToString('N'))
            New-Item -ItemType Directory -Path $folder | Out-Null
            $new = Join-Path $folder $program
            $reason = 'invalid'
            $address = Get-Plain $Uri 'https://'
            $reason = 'network'
            Save-Program $address $new
            $reason = 'invalid'
            $hash = (Get-FileHash -LiteralPath $new -Algorithm SHA256).Hash
            if ($hash -ne $expectedHash) { throw "SHA-256 of azmend.exe is $hash, expected $expectedHash" }
            $reason = 'io'
            $file = Install-Program $new $path
            # The fixed path is another release's for now: this one runs from where it was saved.
            if (-not $file) { $path = $new }
        }
    }
    $reason = 'invalid'
    if (-not $file) {
        $hash = (Get-FileHash -LiteralPath $path -Algorithm SHA256).Hash
        if ($hash -ne $expectedHash) { throw "SHA-256 of azmend.exe is $hash, expected $expectedHash" }
    }

    $reason = 'invalid'
    $arguments = @($Command, '--exit-code', $ExitCode)
    $arguments += @((Get-Plain $Options '--') -split ' +' | Where-Object { $_ -ne '' })
    # What a program says on stderr is no error of this script.
    $ErrorActionPreference = 'Continue'
    # Nothing ran yet: what fails now is the start, and 0 of an earlier program is no exit code of this one.
    $reason = 'denied'
    $global:LASTEXITCODE = $null
    try { & $path $arguments } catch { throw (Get-Blocker $_.Exception) }
    if ($null -eq $LASTEXITCODE) { throw 'Windows did not start azmend.exe, and gave no reason' }
    $code = $LASTEXITCODE
}
catch {
    Write-Failure $reason $_.Exception.Message
    if ($ExitCode -eq 'always-zero') { $code = 0 }
}
finally {
    if ($file) { $file.Dispose() }
    if ($folder) { Remove-Item -LiteralPath $folder -Recurse -Force -ErrorAction SilentlyContinue }
    # What is in use stays, and goes with the next run.
    if ($own) {
        Get-ChildItem -LiteralPath $own -Filter '*.exe' -Force -ErrorAction SilentlyContinue | Remove-Item -Force -ErrorAction SilentlyContinue
    }
}
exit $code
