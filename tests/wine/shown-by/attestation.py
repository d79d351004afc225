# SPDX-License-Identifier: MIT
"""Azure Edition under Wine: the chain's issuing certificate is missing, and the pack on the VM repairs it."""
import inside

FINDING, TASK = "ATTESTATION_INTERMEDIATE_MISSING", "CLIP_TASK_DISABLED"
NAME, THUMBPRINT = "azmend test issuing CA 06", "68C48BD9E761E37536EB9F6B95346EB01A583EF8"
CLIP = "\\Microsoft\\Windows\\Clip\\LicenseImdsIntegration"


def held(case):
    """What the real stores of the prefix hold, by azmend's own harness and not by azmend."""
    return case.stage("dump")["certificates"]


def machine(stores):
    """Those of LocalMachine: what an account has shows the machine's, too."""
    return {name: store for name, store in stores.items() if name != "userCA"}


def runs(case):
    ran = case.prefix.path / "drive_c" / "azmend-standins" / "ran.txt"
    return ran.read_text(encoding="utf-8").splitlines() if ran.exists() else []


def pack(case):
    before = held(case)
    yield "the root is in LocalMachine\\Root and the issuing certificate in no CA store", (
        "93D914B5B92F03A087A06E66644986F97057DA29" in before["Root"] and THUMBPRINT not in before["CA"])
    code, out, _ = case.azmend("check")
    found = inside.states(inside.last_json(out))
    yield f"check names {FINDING}", FINDING in found
    yield "check names the certificate", NAME in out.decode("ascii")
    yield "check adds nothing and runs nothing", held(case) == before and not runs(case)
    code, out, _ = case.azmend("fix", "--json")
    result = inside.last_json(out)
    found = inside.states(result)
    yield "fix ends needs_reboot", code == 11 and result["verdict"] == "needs_reboot"
    yield "both findings wait for the restart", found.get(FINDING) == "pending_reboot" == found.get(TASK)
    after = held(case)
    wanted = {**before, "CA": {**before["CA"], THUMBPRINT: True}}
    yield "exactly that certificate came into LocalMachine\\CA, and no other store of it moved", machine(after) == machine(wanted)
    yield "the task is enabled", case.stage("dump")["tasks"][CLIP]["enabled"] is True
    yield "fclip ran once", len(runs(case)) == 1 and runs(case)[0].lower().endswith("\\fclip.exe")
    _, out, _ = case.azmend("fix", "--json")
    yield "a second fix makes 0 changes and runs nothing", inside.last_json(out)["changes"] == 0 and len(runs(case)) == 1
    code, _, _ = case.command("undo", "--json")
    yield "undo takes the certificate out again", code == 0 and held(case) == before
    yield "undo disables the task again", case.stage("dump")["tasks"][CLIP]["enabled"] is False
