@echo off
rem Goes to %windir%\OEM\SetupComplete2.cmd of the image; Azure's own SetupComplete.cmd calls it at the end of Windows setup,
rem as SYSTEM. azmend.exe lies in %ProgramFiles%\azmend of the image. What azmend waits for is bounded.
rem This looks, and changes nothing. For a VM that is to be put right too, write instead:  set "AZMEND_DOES=provision"
set "AZMEND_DOES=check --event-log --wait-network 5m"
"%ProgramW6432%\azmend\azmend.exe" %AZMEND_DOES% --exit-code completed --quiet >>"%windir%\Panther\azmend.log" 2>&1
exit /b %ERRORLEVEL%
