# SPDX-License-Identifier: MIT
"""The Linux guest agent's own code, as Debian ships it, reading what a handler writes: manifest, status, heartbeat."""
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, subprocess.run([HERE / "waagent-modules"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip())

from azurelinuxagent.common.utils import fileutil  # noqa: E402
from azurelinuxagent.common.protocol.restapi import ExtensionStatus  # noqa: E402
from azurelinuxagent.ga import exthandlers  # noqa: E402

TERMINAL = ("error", "success")
SUBSTATUS_MEMBERS = ("name", "status", "code", "message")


def read_manifest(path):
    """As ExtHandlerInstance.load_manifest does it."""
    return exthandlers.HandlerManifest(json.loads(fileutil.read_file(str(path)))[0])


def heartbeat(manifest):
    """What the agent would report of a heartbeat; None: it does not ask for one."""
    instance = object.__new__(exthandlers.ExtHandlerInstance)
    instance.load_manifest = lambda: manifest
    return instance.collect_heartbeat()


def parse(text):
    """As ExtHandlerInstance.collect_ext_status does it with bytes it has read. Raises what the agent would raise."""
    status = ExtensionStatus(name="azmend", seq_no=0)
    exthandlers.parse_ext_status(status, json.loads(text))
    if len(text) > exthandlers._MAX_STATUS_FILE_SIZE_IN_BYTES:
        raise ValueError(f"{len(text)} characters: the agent would cut it")
    return status


def substatuses(status):
    return {part.name: part for part in status.substatusList}
