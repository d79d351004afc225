@echo off
rem Goes into cloudbase-init's LocalScripts folder of the image; azmend.exe lies in %ProgramFiles%\azmend of the image.
rem Exit code 1001 asks cloudbase-init for a restart; every other one is only logged.
rem This looks, and changes nothing. For a VM that is to be put right too, write instead:  set "AZMEND_DOES=provision"
set "AZMEND_DOES=check --event-log --wait-network 5m"
"%ProgramW6432%\azmend\azmend.exe" %AZMEND_DOES% --exit-code cloudbase
exit /b %ERRORLEVEL%
