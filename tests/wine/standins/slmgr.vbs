' SPDX-License-Identifier: MIT
' Stands in for Windows' slmgr.vbs, which Wine has not: Wine's own cscript runs it, and slmgr.exe does what is asked for.
Option Explicit
Dim line, i
line = """C:\azmend-standins\slmgr.exe"""
For i = 0 To WScript.Arguments.Count - 1
    line = line & " """ & WScript.Arguments(i) & """"
Next
WScript.Quit CreateObject("WScript.Shell").Run(line, 0, True)
