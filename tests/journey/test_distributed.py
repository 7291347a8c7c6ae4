# SPDX-License-Identifier: EUPL-1.2
"""Four processes on a real Kafka and PostgreSQL: the same promises, whichever of them is killed."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from uuid import uuid4

import httpx2
import pytest

from tests.journey.program import (
    Program,
    a_signal,
    bearer,
    counted,
    eventually,
    json_of,
    seinhuis,
)
from tests.journey.test_kill import Sender
from tests.real import kafka, postgres

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.xdist_group("distributed")]
SERVICES = ("intake", "anonymizer", "stats", "notifier")


@dataclass(slots=True)
class Installation:
    """Four services on their own broker and databases."""

    broker: kafka.Kafka
    broker_pid: int
    env: dict[str, str]
    programs: dict[str, Program]

    def key(self, name: str) -> str:
        """The API key of a new partner."""
        return str(json_of("partner", "add", name, env=self.env)["apiKey"])

    def token(self) -> str:
        """A token of somebody at the bureau."""
        return str(json_of("staff", "link", "--role", "adv", "--name", "Ana", env=self.env)["token"])


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, postgres_url: str, kafka_url: str) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("distributed")
    assert kafka_url  # a broker of its own is killed below; the shared one only says that Kafka is here at all
    broker = kafka.make_kafka()
    pid = broker.start()
    suffix = uuid4().hex[:8]
    env = {
        "SEINHUIS_BUS": broker.url,
        "SEINHUIS_KEYS": str(folder / "keys"),
        "INTAKE_RATE_LIMIT_PER_MINUTE": "0",
        **{
            f"{name.upper()}_DATABASE_URL": postgres.create_database(postgres_url, f"{name}_{suffix}")
            for name in SERVICES
        },
    }
    for command in (["keys", "init", "--out", str(folder / "keys")], ["topics", "create"], ["migrate"]):
        done = seinhuis(*command, env=env)
        assert done.returncode == 0, done.stderr
    programs = {name: Program(("run", name), err=folder / f"{name}.log", env=env) for name in SERVICES}
    for program in programs.values():
        program.start()
    made = Installation(broker, pid, env, programs)
    yield made
    for program in programs.values():
        program.stop()
    kafka.stop(made.broker_pid)
    broker.remove()


def test_given_topics_made_when_checked_then_all_are_as_they_must_be(installed: Installation) -> None:
    assert seinhuis("topics", "check", env=installed.env).returncode == 0


def test_given_four_processes_when_each_is_killed_under_load_then_none_lost_and_none_double(
    installed: Installation,
) -> None:
    kill_in_turn(installed, rounds=1, seed=3)


@pytest.mark.slow
def test_given_four_processes_when_each_is_killed_again_and_again_then_none_lost_and_none_double(
    installed: Installation,
) -> None:
    kill_in_turn(installed, rounds=4, seed=4)


def test_given_no_broker_when_signals_come_then_intake_accepts_and_says_what_is_away(installed: Installation) -> None:
    intake, key, token = installed.programs["intake"], installed.key("alleen"), installed.token()
    figures = installed.programs["stats"].url
    before = counted(figures, token)
    kafka.kill(installed.broker_pid)

    answers = [
        httpx2.post(f"{intake.url}/intake/v1/signalen", json=a_signal(n), headers=bearer(key)).status_code
        for n in range(5)
    ]
    eventually(lambda: "bus" in httpx2.get(f"{intake.url}/readyz").json()["ontbreekt"], seconds=60)
    ready = httpx2.get(f"{intake.url}/readyz").status_code
    installed.broker_pid = installed.broker.start()
    eventually(lambda: counted(figures, token) == before + 5, seconds=120)

    assert answers == [201] * 5
    assert ready == 200


def kill_in_turn(installed: Installation, *, rounds: int, seed: int) -> None:
    """Kill every service and the broker in random order under load; compare accepted with counted."""
    dice = Random(seed)
    intake, figures, token = installed.programs["intake"], installed.programs["stats"].url, installed.token()
    before = counted(figures, token)
    key = installed.key(f"partner-{seed}")
    senders = [Sender(intake, key, f"s{seed}-{n}") for n in range(3)]
    for sender in senders:
        sender.start()
    for _ in range(rounds):
        for victim in dice.sample([*SERVICES, "broker"], k=5):
            goal = sum(len(sender.codes) for sender in senders) + dice.randint(5, 40)
            eventually(lambda goal=goal: sum(len(s.codes) for s in senders) >= goal, seconds=60)  # type: ignore[misc]  # a loop variable bound by default
            if victim == "broker":
                kafka.kill(installed.broker_pid)
                installed.broker_pid = installed.broker.start()
            else:
                installed.programs[victim].kill()
                installed.programs[victim].start()
    for sender in senders:
        sender.stopping.set()
    for sender in senders:
        sender.join(60)

    accepted = sum(sender.sent for sender in senders)
    eventually(lambda: counted(figures, token) - before >= accepted, seconds=120)
    figures_hold = counted(figures, token) - before
    found = json_of("check", env=installed.env)

    assert figures_hold == accepted
    assert (found["ok"], found["inFlight"], found["deadLettered"]) == (True, 0, 0)
