#!/usr/bin/env python3
"""Ansible's inventory of this environment.

Reads the output `ansible_inventory` of the environment's monitoring unit from its state, with the terraform on PATH
(or the one named by TERRAFORM_BINARY_NAME), in the unit's folder or in the one that TUX_INVENTORY_UNIT names.
TUX_INVENTORY=file takes the file beside this script instead: the same hosts, with addresses looked up in the shell's
environment. Ends with 1 and a sentence on standard error when there is no inventory to be had.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
OUTPUT = "ansible_inventory"


def from_file():
    files = sorted(HERE.glob("*.json"))
    if len(files) != 1:
        raise SystemExit(f"expected one inventory file beside {__file__}, found {len(files)}")
    return json.loads(files[0].read_text(encoding="utf-8"))


def unit_folder():
    named = os.environ.get("TUX_INVENTORY_UNIT")
    if named:
        return pathlib.Path(named)
    return HERE.parents[2] / "eu-central" / "monitoring" / "stack"


def from_state():
    folder = unit_folder()
    if not folder.is_dir():
        raise SystemExit(f"{folder} does not exist; synthesize the tree, or set TUX_INVENTORY_UNIT or TUX_INVENTORY=file")
    terraform = os.environ.get("TERRAFORM_BINARY_NAME") or "terraform"
    try:
        done = subprocess.run(
            [terraform, f"-chdir={folder}", "output", "-json", OUTPUT], capture_output=True, check=False, text=True
        )
    except FileNotFoundError:
        raise SystemExit(f"{terraform} is not on PATH; set TERRAFORM_BINARY_NAME, or TUX_INVENTORY=file")
    if done.returncode != 0:
        raise SystemExit(f"{terraform} output {OUTPUT} failed in {folder} (is it initialized and applied?):\n{done.stderr.strip()}")
    return json.loads(done.stdout)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    wanted = arguments.add_mutually_exclusive_group(required=True)
    wanted.add_argument("--list", action="store_true")
    wanted.add_argument("--host")
    chosen = arguments.parse_args()
    source = os.environ.get("TUX_INVENTORY", "state")
    if source not in ("state", "file"):
        raise SystemExit(f"TUX_INVENTORY is '{source}', expected state or file")
    inventory = from_file() if source == "file" else from_state()
    answer = inventory if chosen.list else inventory["_meta"]["hostvars"].get(chosen.host, {})
    json.dump(answer, sys.stdout, indent=2, sort_keys=True)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
