# SPDX-License-Identifier: EUPL-1.2
"""A real Apache Kafka: one broker and controller in a Java process, from the jars of Maven Central.

Source: Apache Kafka 4.1 documentation, section "KRaft"; server properties as its own `config/server.properties`.
"""

import asyncio
import logging
import shutil
import signal
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from tests.real import CACHE, maven
from tests.real.process import end, free_port, launch

VERSION = "4.1.1"
LIBS = CACHE / f"kafka-{VERSION}"
START_SECONDS = 60

ARTIFACTS = (
    f"org.apache.kafka:kafka_2.13:{VERSION}",
    "org.apache.logging.log4j:log4j-slf4j-impl:2.24.3",
    "org.apache.logging.log4j:log4j-core:2.24.3",
)

_LOGGING = """appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d %p %c %m%n
rootLogger.level = WARN
rootLogger.appenderRef.console.ref = console
"""

# Timeouts are short, so that a broker that was killed is taken back at once; one copy of everything.
_PROPERTIES = """process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.quorum.bootstrap.servers=127.0.0.1:{controller}
log.dirs={directory}/data
offsets.topic.replication.factor=1
offsets.topic.num.partitions=5
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
auto.create.topics.enable=false
"""


@dataclass(frozen=True, slots=True)
class Kafka:
    """One broker: where it keeps its things and where it listens. Its process may come and go."""

    directory: Path
    port: int

    @property
    def url(self) -> str:
        """The address as `shared.bus` takes it."""
        return f"kafka://127.0.0.1:{self.port}"

    def start(self) -> int:
        """The id of the broker's process, once it answers."""
        command = [
            *_java("-Xms128m", "-Xmx512m", "-XX:+UseSerialGC"),
            f"-Dlog4j2.configurationFile={self.directory}/log4j2.properties",
            *_main("kafka.Kafka", f"{self.directory}/server.properties"),
        ]
        log = self.directory / "log"
        return launch(command, log=log, answers=lambda: answers(self.port), seconds=START_SECONDS)

    def remove(self) -> None:
        """Throw its data away."""
        shutil.rmtree(self.directory, ignore_errors=True)


def make_kafka() -> Kafka:
    """A broker with empty data, not yet started. Raises NotHereError."""
    fetch()
    kafka = Kafka(Path(tempfile.mkdtemp(prefix="seinhuis-kafka-")), free_port())
    properties = _PROPERTIES.format(port=kafka.port, controller=free_port(), directory=kafka.directory)
    (kafka.directory / "server.properties").write_text(properties)
    (kafka.directory / "log4j2.properties").write_text(_LOGGING)
    tool = "kafka.tools.StorageTool"
    quiet = f"-Dlog4j2.configurationFile={kafka.directory}/log4j2.properties"
    cluster = subprocess.check_output([*_java(quiet), *_main(tool, "random-uuid")], text=True).strip()
    command = ["format", "--standalone", "-t", cluster, "-c", f"{kafka.directory}/server.properties"]
    subprocess.check_output([*_java(quiet), *_main(tool, *command)])
    return kafka


def stop(pid: int) -> None:
    """End a broker in good order."""
    end(pid, signal.SIGTERM)


def kill(pid: int) -> None:
    """End a broker the hard way."""
    end(pid, signal.SIGKILL)


def fetch() -> None:
    """Kafka's jars are in the cache. Raises NotHereError when Java or Maven is missing or nothing can be fetched."""
    maven.fetch(LIBS, ARTIFACTS)


def answers(port: int) -> bool:
    """A broker listens here and counts itself in."""
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) != 0:
            return False
    return asyncio.run(_counts_itself_in(port))


async def _counts_itself_in(port: int) -> bool:
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    admin = AIOKafkaAdminClient(bootstrap_servers=f"127.0.0.1:{port}", request_timeout_ms=2_000)
    try:
        await admin.start()
        return bool((await admin.describe_cluster())["brokers"])
    except (KafkaError, OSError, TimeoutError):
        return False
    finally:
        await admin.close()


def _java(*options: str) -> list[str]:
    return ["java", *options]


def _main(name: str, *arguments: str) -> list[str]:
    return ["-cp", f"{LIBS}/*", name, *arguments]
