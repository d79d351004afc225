@echo off
rem Goes into cloudbase-init's LocalScripts folder of the image; azmend.exe lies in %ProgramFiles%\azmend of the image.
rem Exit code 1001 asks cloudbase-init for a restart; every other one is only logged.
"%ProgramW6432%\azmend\azmend.exe" provision --exit-code cloudbase
exit /b %ERRORLEVEL%
