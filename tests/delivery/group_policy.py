#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The policy template: complete in both languages, and about the values that the program reads: group_policy.py DIST"""
import pathlib
import re
import sys
import xml.etree.ElementTree as tree

root = pathlib.Path(__file__).resolve().parents[2]
folder = pathlib.Path(sys.argv[1]) / "group-policy"
SPACE = "{http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions}"
# Order of the parts, as the schema has it.
PARTS = ["policyNamespaces", "resources", "supportedOn", "categories", "policies"]
RESOURCES = ["displayName", "description", "resources"]
passed = failed = 0


def check(name, holds, shown=""):
    global passed, failed
    passed, failed = passed + bool(holds), failed + (not holds)
    if not holds:
        print(f"FAIL group policy: {name}: {shown}")


def names(element):
    return [child.tag.removeprefix(SPACE) for child in element]


def all_of(element, tag):
    return list(element.iter(SPACE + tag))


def referenced(text, table):
    return set(re.findall(rf"\$\({table}\.(\w+)\)", text))


admx_text = (folder / "azmend.admx").read_text(encoding="utf-8")
admx = tree.fromstring(admx_text.encode())
source = (root / "runner/channel/run/narrow.c").read_text(encoding="utf-8")
words = re.search(r"leave_names\[[^]]*\] = \{([^}]*)NULL", (root / "runner/engine/narrowing.c").read_text(encoding="utf-8"))[1]
policies = all_of(admx, "policy")
check("parts in order", names(admx) == PARTS, names(admx))
check("three policies", len(policies) == 3, len(policies))
key = re.search(r'#define POLICY_KEY "HKLM([^"]*)"', source)[1].replace("\\\\", "\\").lstrip("\\")
for policy in policies:
    name = policy.get("name")
    values = [element.get("valueName") for element in policy.find(SPACE + "elements")]
    check(f"{name}: of the machine, below the key that is read", (policy.get("class"), policy.get("key")) == ("Machine", key), policy.attrib)
    check(f"{name}: the value that is read", values == [name] and f'"{name}"' in source, values)
    check(f"{name}: its parts in order", names(policy) == ["parentCategory", "supportedOn", "elements"], names(policy))
modes = [string.text for string in all_of(admx, "string")]
check("the words that are read", sorted(modes) == sorted(re.findall(r'"(\w+)"', words)), modes)
for language in ("en-US", "ja-JP"):
    adml = tree.fromstring((folder / language / "azmend.adml").read_bytes())
    strings = {each.get("id"): each.text for each in all_of(adml, "string")}
    shown = {each.get("id"): each for each in all_of(adml, "presentation")}
    check(f"{language}: parts in order", names(adml) == RESOURCES, names(adml))
    check(f"{language}: every text, and no other", set(strings) == referenced(admx_text, "string") and all(strings.values()), set(strings))
    check(f"{language}: every presentation", set(shown) == referenced(admx_text, "presentation"), set(shown))
    for policy in policies:
        ids = [element.get("id") for element in policy.find(SPACE + "elements")]
        fields = [field.get("refId") for field in shown.get(policy.get("name"), [])]
        check(f"{language}: a field for each element of {policy.get('name')}", ids == fields, (ids, fields))
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
