@echo off
rem Registers the daily check of a machine that has azmend as a VM Application; run it as an administrator.
rem Its result goes to the event log (Application, source azmend). Removed with the application, or by:
rem     schtasks /delete /tn azmend\daily-check /f
schtasks /create /f /tn azmend\daily-check /xml "%~dp0daily-check.xml"
exit /b %ERRORLEVEL%
