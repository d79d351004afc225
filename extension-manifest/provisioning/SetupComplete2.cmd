@echo off
rem Goes to %windir%\OEM\SetupComplete2.cmd of the image; Azure's own SetupComplete.cmd calls it at the end of Windows setup,
rem as SYSTEM. azmend.exe lies in %ProgramFiles%\azmend of the image. What azmend waits for is bounded.
"%ProgramW6432%\azmend\azmend.exe" provision --exit-code completed --quiet >>"%windir%\Panther\azmend.log" 2>&1
exit /b %ERRORLEVEL%
