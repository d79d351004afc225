#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The commands that outbound-network hands over, given to Azure's own client (Debian's azure-cli) against a small Azure that remembers.

    tests/delivery/actions.py AZMEND

Each action runs twice on each network: with and without a route table, a NAT gateway and network security groups of its own, for a VM and an instance of a Uniform scale
set, and with each query of the chain answering nothing. Asserted: what the writes hold, that nothing which was there is lost, that the second run writes nothing, and that
nothing is written behind a stop. tests/net/hand_overs holds the same words against the block that a person pastes.

The documents are ours, in the form that the client's own models read (network 2022-07-01, compute 2022-08-01). Held against published ones: the list of firewalls
(azure-rest-api-specs b1863d7, AzureFirewallListBySubscription) and effective routes (az network nic show-effective-route-table, learn.microsoft.com). Of
`nic show-effective-route-table`, whose arguments the client cannot tell with Debian's library, only the query is run.
"""
import copy
import importlib
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.parse

import jmespath

HERE = pathlib.Path(__file__).resolve().parent
SCENARIOS = HERE.parent / "scenarios"
sys.path[:0] = [str(HERE), str(HERE.parent / "wine")]
import client  # noqa: E402
import documents  # noqa: E402

SUB = f"/subscriptions/{client.SUBSCRIPTION}"
GROUP = "rg-web-prod"
NETWORK = f"{SUB}/resourceGroups/rg-net/providers/Microsoft.Network"
FIREWALL_IP = "10.9.0.4"
KMS = ["20.118.99.224", "40.83.235.53"]
# The rows that stand inside their parent's document.
INSIDE = {"routes", "securityRules", "subnets"}
EFFECTIVE_ROUTES = {"value": [
    {"source": "Default", "state": "Active", "addressPrefix": ["10.0.0.0/16"], "nextHopType": "VnetLocal", "nextHopIpAddress": []},
    {"source": "User", "state": "Active", "addressPrefix": ["0.0.0.0/0"], "nextHopType": "VirtualAppliance", "nextHopIpAddress": [FIREWALL_IP]}]}
passes = failures = 0


def check(holds, what):
    global passes, failures
    passes, failures = passes + bool(holds), failures + (not holds)
    if not holds:
        print(f"FAIL {what}")


class Azure:
    """Documents by address, as Resource Manager keeps them."""

    def __init__(self):
        self.documents, self.writes = {}, []

    def put(self, path, properties, **members):
        self.documents[path.lower()] = {"id": path, "name": path.split("/")[-1], "location": "japaneast", "properties": properties, **members}

    def find(self, path):
        if path.lower() in self.documents:
            return self.documents[path.lower()]
        parent, kind, name = path.rsplit("/", 2)
        rows = self.documents.get(parent.lower(), {}).get("properties", {}).get(kind, []) if kind in INSIDE else []
        return next((row for row in rows if row["name"].lower() == name.lower()), None)

    def listed(self, path):
        parent, kind = path.rsplit("/", 1)
        if kind in INSIDE:
            return self.documents.get(parent.lower(), {}).get("properties", {}).get(kind, [])
        below = path.lower().split("/providers/")
        return [document for place, document in self.documents.items()
                if place.rsplit("/", 1)[0] == path.lower() or ("/resourcegroups/" not in path.lower() and len(below) == 2
                                                               and place.startswith(below[0]) and place.rsplit("/", 1)[0].endswith("/providers/" + below[1]))]

    def write(self, path, body):
        self.writes.append((path, body))
        document = {"id": path, "name": path.split("/")[-1], **body}
        parent, kind, _ = path.rsplit("/", 2)
        if kind not in INSIDE:
            document.setdefault("properties", {})
            self.documents[path.lower()] = document
            return document
        rows = self.documents[parent.lower()]["properties"].setdefault(kind, [])
        rows[:] = [row for row in rows if row["name"] != document["name"]] + [document]
        return document

    def answer(self, method, path, body):
        if method == "PUT":
            return 200, self.write(path, json.loads(body))
        if re.search(r"/providers/Microsoft\.Network$", path):
            return 200, {"namespace": "Microsoft.Network", "resourceTypes": [{"resourceType": "firewallPolicies", "apiVersions": ["2022-07-01"], "locations": []}]}
        if len(path.split("/providers/")[-1].split("/")) % 2 == 0:
            return 200, {"value": self.listed(path)}
        found = self.find(path)
        return (200, found) if found else (404, {"error": {"code": "ResourceNotFound", "message": path}})


AZURE = Azure()


def send(_adapter, request, **_options):
    path = urllib.parse.unquote(urllib.parse.urlsplit(request.url).path)
    response = client.requests.Response()
    response.status_code, document = AZURE.answer(request.method, path, client.text_of(request.body))
    response.request, response.url, response.encoding = request, request.url, "utf-8"
    response.headers.update({"Content-Type": "application/json"})
    response.raw = io.BytesIO(json.dumps(document).encode())
    return response


def network(has_table=False, has_gateway=False, has_nsg=True, is_uniform=False):
    azure = Azure()
    nic = f"{SUB}/resourceGroups/{GROUP}/providers/Microsoft.Network/networkInterfaces/nic-2"
    vm = f"{SUB}/resourceGroups/{GROUP}/providers/Microsoft.Compute/virtualMachines/vm-web-01"
    subnet = f"{NETWORK}/virtualNetworks/vnet-web/subnets/web"
    pool = f"{NETWORK}/loadBalancers/lb-web/backendAddressPools/pool"
    placed = [{"name": "second", "properties": {"primary": False, "subnet": {"id": subnet + "-other"}}},
              {"name": "ipconfig1", "properties": {"primary": True, "subnet": {"id": subnet}, "loadBalancerBackendAddressPools": [{"id": pool}]}}]
    azure.put(vm, {"networkProfile": {"networkInterfaces": [{"id": nic + "-other", "properties": {"primary": False}},
                                                            {"id": nic, "properties": {"primary": True}}]}})
    azure.put(nic, {"primary": True, "ipConfigurations": placed})
    kept = {"addressPrefix": "10.0.0.0/24", "serviceEndpoints": [{"service": "Microsoft.Storage"}]}
    if has_table:
        kept["routeTable"] = {"id": f"{NETWORK}/routeTables/rt-hub"}
        azure.put(f"{NETWORK}/routeTables/rt-hub", {"routes": [
            {"id": "/x", "name": "default", "properties": {"addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance", "nextHopIpAddress": FIREWALL_IP}}]})
    if has_gateway:
        kept["natGateway"] = {"id": f"{NETWORK}/natGateways/theirs"}
    if has_nsg:
        kept["networkSecurityGroup"] = {"id": f"{NETWORK}/networkSecurityGroups/nsg-web"}
        azure.put(f"{NETWORK}/networkSecurityGroups/nsg-web", {"securityRules": [
            {"id": "/x", "name": "theirs", "properties": {"priority": 100, "direction": "Outbound", "access": "Allow", "protocol": "*", "sourceAddressPrefix": "*",
                                                          "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "443"}}]})
    azure.put(f"{NETWORK}/virtualNetworks/vnet-web", {"subnets": [{"id": subnet, "name": "web", "properties": kept}], "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}})
    azure.put(f"{NETWORK}/loadBalancers/lb-web", {"frontendIPConfigurations": [
        {"id": f"{NETWORK}/loadBalancers/lb-web/frontendIPConfigurations/inner", "name": "inner", "properties": {"privateIPAddress": "10.0.0.9"}},
        {"id": f"{NETWORK}/loadBalancers/lb-web/frontendIPConfigurations/outer", "name": "outer", "properties": {"publicIPAddress": {"id": f"{NETWORK}/publicIPAddresses/lb"}}}],
        "backendAddressPools": [{"id": pool, "name": "pool", "properties": {}}], "outboundRules": []}, sku={"name": "Standard"})
    for name, address in (("fw-other", "10.8.0.4"), ("fw-hub", FIREWALL_IP)):
        azure.put(f"{NETWORK}/azureFirewalls/{name}", {"ipConfigurations": [{"name": "c", "properties": {"privateIPAddress": address}}],
                                                       "firewallPolicy": {"id": f"{NETWORK}/firewallPolicies/policy-{name}"}})
        azure.put(f"{NETWORK}/firewallPolicies/policy-{name}", {})
    azure.put(f"{NETWORK}/firewallPolicies/policy-fw-hub/ruleCollectionGroups/theirs", {"priority": 1688, "ruleCollections": []})
    if is_uniform:
        azure.put(f"{SUB}/resourceGroups/{GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/vmss-web/virtualMachines/7/networkInterfaces/nic-x",
                  {"primary": True, "ipConfigurations": placed[1:]})
    return azure


def handoffs(azmend, name):
    """By title, of a scenario."""
    with tempfile.TemporaryDirectory() as folder:
        scenario = documents.Scenario(SCENARIOS / "outbound-network" / f"{name}.json", SCENARIOS)
        path = os.path.join(folder, "machine.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(scenario.machine, file)
        done = subprocess.run([azmend, *scenario.args, "--json", "--machine", path], capture_output=True, timeout=120, check=False)
    return {handoff["title"]: handoff for playbook in json.loads(done.stdout)["playbooks"] for finding in playbook["findings"]
            for handoff in finding.get("handoff", []) if handoff.get("commands")}


def expanded(word, values):
    if re.fullmatch(r"@\w+", word):
        return values[word[1:]]
    return re.sub(r"@\{(\w+)\}", lambda match: values[match.group(1)], word)


def ask(words, values):
    words = [expanded(word, values) for word in words[1:]]
    if words[2] == "show-effective-route-table":
        return jmespath.search(words[words.index("--query") + 1], EFFECTIVE_ROUTES) or ""
    done = client.run(words)
    check(done["parsed"] and done["code"] == 0, f"az {' '.join(words)}: {done['said'][-900:]}")
    return done["out"].strip()


def perform(handoff, silent=None):
    """As the block does it. silent: the number of the query that answers nothing. Returns the stop."""
    values, queries = {}, 0
    for command in handoff["commands"]:
        if "is" in command:
            values[command["set"]] = expanded(command["is"], values)
            continue
        if "unless" in command and ask(command["unless"], values):
            continue
        said = ask(command["argv"], values) if "set" not in command or queries != silent else ""
        if "set" in command:
            queries += 1
            values[command["set"]] = said
            expect = command.get("expect", "something")
            if (expect == "something" and not said) or (expect == "nothing" and said):
                return command["set"]
    return None


def subnet_of(azure):
    return azure.find(f"{NETWORK}/virtualNetworks/vnet-web/subnets/web")["properties"]


def try_action(name, handoff, **shape):
    """Twice; returns the first stop and the network."""
    global AZURE
    AZURE = network(**shape)
    before = copy.deepcopy(AZURE.documents)
    stop = perform(handoff)
    first = copy.deepcopy(AZURE.documents)
    AZURE.writes.clear()
    perform(handoff)
    check(AZURE.writes == [], f"{name} {shape}: the second run writes {[path for path, _ in AZURE.writes]}")
    check(AZURE.documents == first, f"{name} {shape}: the second run changes something")
    for path, document in before.items():
        lost = [member for member in document["properties"] if member not in first.get(path, {}).get("properties", {})]
        check(not lost, f"{name} {shape}: {path} lost {lost}")
    check(subnet_of(AZURE).get("serviceEndpoints"), f"{name} {shape}: the subnet lost its endpoints")
    return stop, AZURE


def try_silences(name, handoff, **shape):
    """Each query of the chain once without an answer: nothing is written, but what stands before it."""
    global AZURE
    wanted = [command for command in handoff["commands"] if "argv" in command and "set" in command]
    for silent, command in enumerate(wanted):
        if "expect" not in command:
            AZURE = network(**shape)
            stop = perform(handoff, silent)
            check(stop == command["set"], f"{name}: without {command['set']}: stopped at {stop}")
            changed = [path for path, _ in AZURE.writes if path.startswith(f"{NETWORK}/")]
            check(not changed, f"{name}: without {command['set']}: wrote {changed}")


def routes_of(azure, path):
    return sorted(row["properties"]["addressPrefix"] for row in azure.find(path)["properties"]["routes"])


def check_routes(titles, **shape):
    name = "Route the KMS IP addresses directly to the Internet"
    stop, azure = try_action(name, titles[name], has_table=True, **shape)
    check(stop is None and routes_of(azure, f"{NETWORK}/routeTables/rt-hub") == ["0.0.0.0/0"] + [f"{address}/32" for address in KMS], f"{name}: {stop}")
    stop, azure = try_action(name, titles[name], **shape)
    check(stop == "table" and azure.writes == [], f"{name}: without a table: {stop}")
    try_silences(name, titles[name], has_table=True, **shape)


def check_new_table(titles, **shape):
    name = "If the subnet has no route table, create one"
    own = f"{SUB}/resourceGroups/{GROUP}/providers/Microsoft.Network/routeTables/azmend-kms-routes"
    stop, azure = try_action(name, titles[name], **shape)
    check(stop is None and azure.find(own) and routes_of(azure, own) == [f"{address}/32" for address in KMS], f"{name}: {stop}")
    check(subnet_of(azure).get("routeTable", {}).get("id", "").lower() == own.lower(), f"{name}: the subnet has {subnet_of(azure)}")
    stop, azure = try_action(name, titles[name], has_table=True, **shape)
    check(stop == "existing" and subnet_of(azure)["routeTable"]["id"].endswith("rt-hub") and not azure.find(own), f"{name}: beside a table: {stop}")
    try_silences(name, titles[name], **shape)


def check_security_group(titles, **shape):
    name = "Allow TCP 1688 in the NSG; remove AzurePlatformLKM denies"
    stop, azure = try_action(name, titles[name], **shape)
    rules = {row["name"]: row["properties"] for row in azure.find(f"{NETWORK}/networkSecurityGroups/nsg-web")["properties"]["securityRules"]}
    mine = rules.get("azmend-allow-kms", {})
    check(stop is None and "theirs" in rules and mine.get("priority") == 101, f"{name}: {stop}, {rules}")
    check(mine.get("destinationAddressPrefixes") == KMS and "1688" in (mine.get("destinationPortRange"), *mine.get("destinationPortRanges", [])), f"{name}: {mine}")
    stop, azure = try_action(name, titles[name], has_nsg=False, **shape)
    check(stop == "nsg" and azure.writes == [], f"{name}: without a group: {stop}")
    try_silences(name, titles[name], **shape)


def check_firewall(titles, **shape):
    name = "Allow TCP 1688 with an Azure Firewall network rule"
    group = f"{NETWORK}/firewallPolicies/policy-fw-hub/ruleCollectionGroups/azmend-kms-web"
    stop, azure = try_action(name, titles[name], has_table=True, **shape)
    made = (azure.find(group) or {}).get("properties", {})
    check(stop is None and made.get("priority") == 1689, f"{name}: {stop}, {made}")
    check(made.get("ruleCollections") == [
        {"ruleCollectionType": "FirewallPolicyFilterRuleCollection", "name": "windows-activation", "priority": 1688, "action": {"type": "Allow"},
         "rules": [{"ruleType": "NetworkRule", "name": "kms", "ipProtocols": ["TCP"], "sourceAddresses": ["10.0.0.0/24"], "destinationAddresses": KMS,
                    "destinationPorts": ["1688"]}]}], f"{name}: {made}")
    check(azure.find(f"{NETWORK}/firewallPolicies/policy-fw-hub/ruleCollectionGroups/theirs"), f"{name}: theirs is gone")
    check(not [path for path in azure.documents if "policy-fw-other/" in path], f"{name}: the wrong firewall")
    try_silences(name, titles[name], has_table=True, **shape)
    if not shape:  # routes that come from a hub and not from a table
        stop, azure = try_action(name, titles[name])
        check(stop is None and azure.find(group), f"{name}: without a table: {stop}")


def check_gateway(titles):
    name = "Add a NAT gateway to the subnet"
    stop, azure = try_action(name, titles[name], has_table=True)
    check(stop is None and subnet_of(azure)["natGateway"]["id"].endswith("/azmend-nat") and "routeTable" in subnet_of(azure), f"{name}: {stop}")
    stop, azure = try_action(name, titles[name], has_gateway=True)
    check(stop == "existing" and subnet_of(azure)["natGateway"]["id"].endswith("/theirs"), f"{name}: beside a gateway: {stop}")
    try_silences(name, titles[name])


def check_outbound_rule(titles):
    name = "Or add an outbound rule to the Standard load balancer"
    stop, azure = try_action(name, titles[name])
    rules = azure.find(f"{NETWORK}/loadBalancers/lb-web")["properties"]["outboundRules"]
    check(stop is None and len(rules) == 1 and "/outer" in json.dumps(rules), f"{name}: {stop}, {rules}")
    try_silences(name, titles[name])


def use_library_of_debian():
    """The client asks for a version that the library has not, and for its operations where an older library kept them."""
    sys.modules["azure.mgmt.network.v2022_07_01.operations"] = importlib.import_module("azure.mgmt.network.operations")
    profile = client.AZURE_API_PROFILES["latest"]
    profile[client.ResourceType.MGMT_NETWORK] = "2022-07-01"  # the newest that Debian's library has


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    client.log_in()
    client.use_library_of_debian()
    use_library_of_debian()
    client.requests.adapters.HTTPAdapter.send = send
    filtered = handoffs(sys.argv[1], "port-filtered")
    check_routes(filtered)
    check_new_table(filtered)
    check_security_group(filtered)
    check_firewall(filtered)
    balancer = handoffs(sys.argv[1], "no-outbound-load-balancer")
    check_gateway(balancer)
    check_outbound_rule(balancer)
    uniform = handoffs(sys.argv[1], "scale-set-port-filtered")
    check_routes(uniform, is_uniform=True)
    check_new_table(uniform, is_uniform=True)
    check_security_group(uniform, is_uniform=True)
    check_firewall(uniform, is_uniform=True)
    print(f"{passes} passed, {failures} failed")
    return 1 if failures or not passes else 0


if __name__ == "__main__":
    sys.exit(main())
