# SPDX-License-Identifier: EUPL-1.2
"""veraPDF: whether a PDF keeps PDF/UA-1 and PDF/A-2a, as an independent program sees it."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.real import CACHE, maven

VERSION = "1.28.2"
LIBS = CACHE / f"verapdf-{VERSION}"
PROGRAM = Path(__file__).parent / "CheckPdf.java"
CHECK_SECONDS = 900  # far above what it takes; a busy machine is no fault of the files


def check(files: Sequence[Path]) -> str:
    """What veraPDF says of files that do not comply; empty when all do. Raises NotHereError."""
    maven.fetch(LIBS, [f"org.verapdf:validation-model:{VERSION}"], needs=("java", "javac", "mvn"))
    command = ["java", "-cp", f"{LIBS}/*", str(PROGRAM), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=CHECK_SECONDS, check=False)
    return "" if done.returncode == 0 else f"{done.stdout}{done.stderr}"
