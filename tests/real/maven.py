# SPDX-License-Identifier: EUPL-1.2
"""Java programs from Maven Central, fetched into the cache once."""

import fcntl
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.real import CACHE, NotHereError

FETCH_SECONDS = 300
_POM = """<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>nl.seinhuis</groupId><artifactId>for-tests</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
{dependencies}
  </dependencies>
</project>
"""
_DEPENDENCY = "<dependency><groupId>{}</groupId><artifactId>{}</artifactId><version>{}</version></dependency>"


def fetch(libs: Path, artifacts: Sequence[str], *, needs: Sequence[str] = ("java", "mvn")) -> None:
    """The jars of these artifacts (`group:name:version`) and what they need are in the folder.

    Raises NotHereError when a program is missing or nothing can be fetched.
    """
    for program in needs:
        if shutil.which(program) is None:
            raise NotHereError(f"no {program} on this machine")
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{libs.name}.lock").open("w") as lock:  # several test processes may want it at the same moment
        fcntl.flock(lock, fcntl.LOCK_EX)
        if libs.exists():
            return
        pom, partial = CACHE / f"{libs.name}.xml", CACHE / f"{libs.name}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        pom.write_text(_POM.format(dependencies="\n".join(_DEPENDENCY.format(*one.split(":")) for one in artifacts)))
        goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={partial}"]
        fetched = subprocess.run(
            ["mvn", "-q", "-B", "-f", str(pom), *goal],
            capture_output=True,
            text=True,
            timeout=FETCH_SECONDS,
            check=False,
        )
        if fetched.returncode != 0:
            raise NotHereError(f"Maven could not fetch {libs.name}: {fetched.stdout[-1000:]}")
        partial.rename(libs)
