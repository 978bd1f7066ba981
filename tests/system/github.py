"""A stand-in for `gh`, the command of GitHub: comments of pull requests and issues in one JSON file.

It is run by the steps of workflows under its own name, and knows the calls that they make. Its `--jq` is the real jq.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

BOT = {"login": "github-actions[bot]", "type": "Bot"}


class Call:
    """One call: words that have their place, and options."""

    def __init__(self, arguments: list[str], flags: frozenset[str]) -> None:
        self.words: list[str] = []
        self.options: dict[str, str] = {}
        rest = iter(arguments)
        for argument in rest:
            if argument in flags:
                self.options[argument] = ""
            elif argument.startswith("--"):
                self.options[argument] = next(rest)
            else:
                self.words.append(argument)

    def body(self) -> str:
        """Return the text of the file that the call names."""
        named = self.options.get("--body-file") or self.options["--field"].removeprefix("body=@")
        return Path(named).read_text("utf-8")


def main() -> None:
    """Carry out one call, and refuse any that is not known."""
    if not os.environ.get("GH_TOKEN"):
        sys.exit("gh: To use GitHub CLI in a GitHub Actions workflow, set the GH_TOKEN environment variable.")
    file = Path(os.environ["GITHUB_STAND_IN"])
    kept: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {"comments": [], "issues": []}
    call = Call(sys.argv[1:], frozenset({"--paginate", "--silent", "--force"}))
    answer = carry_out(call, kept)
    file.write_text(json.dumps(kept))
    if jq := call.options.get("--jq"):
        subprocess.run(["jq", "--raw-output", jq], input=json.dumps(answer), text=True, check=True)


def carry_out(call: Call, kept: dict[str, Any]) -> object:
    """Return what GitHub answers."""
    comments, issues = kept["comments"], kept["issues"]
    match call.words:
        case ["api", path] if path.startswith("repos/contoso/mail/issues/"):
            return on_comments(call, path.split("/")[4:], comments)
        case ["issue", "list"]:
            return [{"number": it["number"]} for it in issues if it["open"] and it["label"] == call.options["--label"]]
        case ["label", "create", _]:
            return None
        case ["issue", "create"]:
            title, label = call.options["--title"], call.options["--label"]
            issues.append({"number": 7, "open": True, "title": title, "label": label, "body": call.body(), "told": 1})
        case ["issue", "edit", number]:
            next(it for it in issues if str(it["number"]) == number)["body"] = call.body()
        case ["issue", "close", number]:
            next(it for it in issues if str(it["number"]) == number)["open"] = False
        case _:
            sys.exit(f"gh: not known to the stand-in: {call.words}")
    return None


def on_comments(call: Call, path: list[str], comments: list[dict[str, Any]]) -> object:
    """List, make or rewrite comments of pull requests."""
    match call.options.get("--method", "GET"), path:
        case "GET", [number, "comments"]:
            return [it for it in comments if it["pull"] == number]
        case "POST", [number, "comments"]:
            comments.append({"id": len(comments) + 100, "pull": number, "user": BOT, "body": call.body()})
        case "PATCH", ["comments", found]:
            next(it for it in comments if str(it["id"]) == found)["body"] = call.body()
        case method, _:
            sys.exit(f"gh: not known to the stand-in: {method} {path}")
    return None


if __name__ == "__main__":
    main()
