#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Azure's own command line client (Debian's azure-cli), given command lines and canned answers instead of a network.

    tests/delivery/client.py < COMMANDS > OUTCOMES

COMMANDS is a JSON list of lists of words, each what stands behind "az". OUTCOMES is a JSON list: for each of them "parsed" (its words were understood), "code",
"said" (what the client wrote on stderr) and "requests", each with "method", "url" and "body". Run it in the folder that the words' files are below. The client's own code
reads the words, loads files, makes the requests and reads the answers; only the sending of a request and the token of a login are replaced here.
"""
import contextlib
import io
import json
import os
import re
import sys
import tempfile

FOLDER = tempfile.TemporaryDirectory()
os.environ.update(AZURE_CONFIG_DIR=FOLDER.name, AZURE_CORE_COLLECT_TELEMETRY="no", AZURE_CORE_NO_COLOR="yes", AZURE_EXTENSION_USE_DYNAMIC_INSTALL="no")

import requests  # noqa: E402
from azure.cli.core import get_default_cli  # noqa: E402
from azure.cli.core._profile import Profile  # noqa: E402
from azure.cli.core.profiles import ResourceType  # noqa: E402
from azure.cli.core.profiles._shared import AZURE_API_PROFILES, SDKProfile  # noqa: E402
from knack.events import EVENT_INVOKER_POST_PARSE_ARGS  # noqa: E402
from azure.core.credentials import AccessToken  # noqa: E402

SUBSCRIPTION = "11111111-2222-4333-8444-555555555555"
TENANT = "22222222-2222-4333-8444-555555555555"
FAR_FUTURE = 4102444800  # seconds since 1970: 2100
SENT = []
SAID = io.StringIO()  # one for all runs: the client keeps the stream that it found first


class Credential:
    def get_token(self, *_scopes, **_options):
        return AccessToken("token", FAR_FUTURE)

    def signed_session(self, session=None):
        return session or requests.Session()


def log_in():
    account = {"id": SUBSCRIPTION, "name": "test", "state": "Enabled", "isDefault": True, "tenantId": TENANT, "environmentName": "AzureCloud",
               "user": {"name": "admin@example.com", "type": "user"}, "homeTenantId": TENANT, "managedByTenants": []}
    with open(os.path.join(FOLDER.name, "azureProfile.json"), "w", encoding="utf-8") as file:
        json.dump({"installationId": TENANT, "subscriptions": [account]}, file)
    Profile.get_login_credentials = lambda *_, **__: (Credential(), SUBSCRIPTION, TENANT)
    Profile.get_raw_token = lambda *_, **__: (("Bearer", "token", {"expires_on": FAR_FUTURE}), SUBSCRIPTION, TENANT)


def use_library_of_debian():
    """Debian packages the client with an older library for Compute than it asks for: it is told of the newest apiVersion that is there."""
    profile = AZURE_API_PROFILES["latest"]
    wanted, there = profile[ResourceType.MGMT_COMPUTE], "2022-08-01"
    groups = {group: min(version, there) for group, version in wanted.profile.items() if group != "default"}
    profile[ResourceType.MGMT_COMPUTE] = SDKProfile(there, groups)


RESOURCE = {"location": "japaneast", "properties": {"provisioningState": "Succeeded", "principalId": TENANT, "clientId": TENANT}}
INSTANCE_VIEW = {"instanceView": {"executionState": "Failed", "exitCode": 12, "output": "{\"verdict\":\"action_needed\"}"}}
# A VM that has a Custom Script Extension under another name than ours.
VIRTUAL_MACHINE = {"location": "japaneast", "identity": {"type": "SystemAssigned", "principalId": TENANT, "tenantId": TENANT},
                   "properties": {"provisioningState": "Succeeded", "instanceView": {"extensions": [{"name": "other", "type": "Microsoft.Compute.CustomScriptExtension"}]}},
                   "resources": [{"id": "/x/extensions/other", "name": "other", "type": "Microsoft.Compute/virtualMachines/extensions", "location": "japaneast",
                                  "properties": {"publisher": "Microsoft.Compute", "type": "CustomScriptExtension"}}]}


# What Azure answers: method, part of the address, status, document. The first that fits.
ANSWERS = [
    ("GET", r"/runCommands/[^/?]+\?", 200, {**RESOURCE, "properties": {**RESOURCE["properties"], **INSTANCE_VIEW}}),
    ("GET", r"/virtualMachines/[^/?]+\?", 200, VIRTUAL_MACHINE),
    ("GET", r"/roleDefinitions\?", 200, {"value": [{"id": f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{TENANT}", "name": TENANT,
                                                  "properties": {"roleName": "Storage Blob Data Reader"}}]}),
    ("GET", r"/virtualMachineScaleSets/[^/?]+\?", 200, {"id": "/x", "name": "SET", "location": "japaneast", "properties": {
        "provisioningState": "Succeeded", "upgradePolicy": {"mode": "Manual"}, "virtualMachineProfile": {"extensionProfile": {"extensions": []}}}}),
    ("POST", r"/runCommand\?", 200, {"value": [{"code": "ComponentStatus/StdOut/succeeded", "level": "Info", "message": "{}"}]}),
    ("POST", r"/whatIf\?", 200, {"status": "Succeeded", "properties": {"changes": []}}),
    ("GET", r"/providers/Microsoft\.\w+\?", 200, {"namespace": "x", "registrationState": "Registered", "resourceTypes": []}),
    ("", r"", 200, RESOURCE),
]


def answer(request):
    status, document = next((status, document) for method, part, status, document in ANSWERS
                            if method in ("", request.method) and re.search(part, request.url))
    response = requests.Response()
    response.status_code, response.request, response.url = status, request, request.url
    response.headers.update({"Content-Type": "application/json", "ETag": '"0x1"', "Last-Modified": "Mon, 30 Nov 2026 00:00:00 GMT", "x-ms-request-id": TENANT})
    if ".blob." in request.url:
        response.status_code, response.raw = 201, io.BytesIO(b"")
        return response
    name = request.url.split("?")[0].split("/")[-1]
    text = json.dumps({"id": request.url.split("?")[0][len("https://management.azure.com"):], "name": name, **document} if isinstance(document, dict) else document)
    response.raw, response.encoding = io.BytesIO(text.encode("utf-8")), "utf-8"
    return response


def text_of(body):
    if hasattr(body, "read"):
        return f"<{len(body.read())} bytes>"
    return body.decode("utf-8", "replace") if isinstance(body, bytes) else body


def send(_adapter, request, **_options):
    SENT.append({"method": request.method, "url": request.url, "body": text_of(request.body)})
    return answer(request)


def run(words):
    SENT.clear()
    parsed = []
    client = get_default_cli()
    client.register_event(EVENT_INVOKER_POST_PARSE_ARGS, lambda *_, **__: parsed.append(True))
    out, begun = io.StringIO(), SAID.tell()
    with contextlib.redirect_stderr(SAID), contextlib.redirect_stdout(out):
        try:
            code = client.invoke(words, out_file=out)
        except SystemExit as end:
            code = end.code
        except Exception as error:  # noqa: BLE001  what a client that fails says is what is asked here
            code = 1
            SAID.write(repr(error))
    return {"parsed": bool(parsed), "code": code or 0, "said": SAID.getvalue()[begun:], "out": out.getvalue(), "requests": list(SENT)}


def main():
    log_in()
    use_library_of_debian()
    requests.adapters.HTTPAdapter.send = send
    json.dump([run(words) for words in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    main()
