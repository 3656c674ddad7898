"""Deploys Carillon's CDK app to the emulated AWS with the real CDK command line.

The caller's AWS settings never reach it: the account is a dummy one and the endpoint is checked
to be on this machine.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from local.account import ACCOUNT, CREDENTIALS, ISOLATED, REGION, client, refuse_remote
from local.places import PROJECT_ROOT, LocalPaths
from local.processes import Child

STACK = "Carillon"
BOOTSTRAP_STACK = "CDKToolkit"
CLI = PROJECT_ROOT / "node_modules" / "aws-cdk" / "bin" / "cdk"
# What decides what is deployed. Compiled files and caches do not.
INPUTS = (
    "app.py",
    "cdk.json",
    "infra",
    "functions",
    "layers",
    "package-lock.json",
    "requirements.txt",
)

_PROGRESS = re.compile(r"\|\s*(\d+)/(\d+) \|")

# Documented switches that keep the command line quiet and at home.
QUIET = {
    "CDK_DISABLE_CLI_TELEMETRY": "true",
    "CDK_DISABLE_VERSION_CHECK": "1",
    "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",  # by number; Debian 13 cares for its own
    "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "true",
    "JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION": "true",
    "AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED": "true",
    "NO_COLOR": "1",
}


def environment(endpoint: str) -> dict[str, str]:
    """Our own environment, aimed at the emulated account and at nothing else."""
    ours = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "CDK_"))}
    return (
        ours
        | QUIET
        | ISOLATED
        | {
            "AWS_ACCESS_KEY_ID": CREDENTIALS["aws_access_key_id"],
            "AWS_SECRET_ACCESS_KEY": CREDENTIALS["aws_secret_access_key"],
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ENDPOINT_URL_S3": endpoint,
        }
    )


def host_context() -> dict[str, str]:
    """The emulator runs functions under its own Python, so their layer is built for this host."""
    arm = platform.machine().lower() in ("arm64", "aarch64")
    system = "apple-darwin" if platform.system() == "Darwin" else "manylinux_2_28"
    return {
        "lambda_python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "lambda_arch": "arm64" if arm else "x86_64",
        "wheel_platform": f"{'aarch64' if arm else 'x86_64'}-{system}",
    }


class Cdk:
    """The command line, aimed at one emulator."""

    def __init__(self, *, endpoint: str, paths: LocalPaths) -> None:
        refuse_remote(endpoint)
        self._endpoint = endpoint
        self._paths = paths

    def bootstrap(self) -> None:
        if not self._standing(BOOTSTRAP_STACK):
            # In a folder without a cdk.json: bootstrapping would synthesize the app for nothing.
            self._run(
                "bootstrap",
                f"aws://{ACCOUNT}/{REGION}",
                folder=self._paths.home,
                meanwhile=lambda _line: None,
            )

    def deploy(
        self, context: Mapping[str, str], *, on_progress: Callable[[int, int], None]
    ) -> dict[str, str]:
        """Deploy unless just this is deployed already; the stack's outputs."""
        wanted = digest(context)
        record = _read_json(self._paths.deployment)
        standing = self._standing(STACK)
        if standing and record.get("digest") == wanted and record.get("standing") == standing:
            return dict(record["outputs"])
        self._paths.deployment.unlink(missing_ok=True)
        self.bootstrap()
        outputs = self._deploy(context, on_progress)
        self._paths.deployment.write_text(
            json.dumps({"digest": wanted, "standing": self._standing(STACK), "outputs": outputs})
        )
        return outputs

    def _deploy(
        self, context: Mapping[str, str], on_progress: Callable[[int, int], None]
    ) -> dict[str, str]:
        outputs_file = self._paths.home / "outputs.json"

        def report(line: str) -> None:
            if match := _PROGRESS.search(line):
                on_progress(int(match[1]), int(match[2]))

        self._run(
            "deploy",
            STACK,
            "--app",
            f"{sys.executable} app.py",
            "--output",
            str(self._paths.cloud_assembly),
            "--require-approval",
            "never",
            "--outputs-file",
            str(outputs_file),
            "--progress",
            "events",
            "--method",
            "direct",
            *(part for key, value in context.items() for part in ("--context", f"{key}={value}")),
            folder=PROJECT_ROOT,
            meanwhile=report,
        )
        outputs: dict[str, str] = _read_json(outputs_file)[STACK]
        outputs_file.unlink()
        return outputs

    def _run(self, *arguments: str, folder: Path, meanwhile: Callable[[str], None]) -> None:
        Child(
            "deployment",
            ["node", str(CLI), *arguments],
            folder=folder,
            log=self._paths.log("deploy"),
            record=self._paths.records / "deploy.json",
            environment=environment(self._endpoint),
        ).finish(meanwhile=meanwhile)

    def _standing(self, stack: str) -> str:
        """Which deployment of the stack stands in the account; empty when none does.

        A crash right after a deployment may have taken the account back to the one before.
        """
        try:
            (found,) = client("cloudformation", self._endpoint).describe_stacks(StackName=stack)[
                "Stacks"
            ]
        except ClientError:
            return ""
        if found["StackStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            return ""
        return f"{found['StackId']} {found.get('LastUpdatedTime', found['CreationTime'])}"


def digest(context: Mapping[str, str]) -> str:
    """Stands for everything that decides what is deployed."""
    found = hashlib.sha256(json.dumps(dict(context), sort_keys=True).encode())
    for path in _input_files():
        found.update(f"{path.relative_to(PROJECT_ROOT)}\0".encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def _input_files() -> Iterator[Path]:
    for name in INPUTS:
        path = PROJECT_ROOT / name
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in files if file.is_file() and "__pycache__" not in file.parts)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return content
