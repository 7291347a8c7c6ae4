# SPDX-License-Identifier: EUPL-1.2
"""Intake's commands: partners and receipts.

Owns how an administrator adds, lists, rotates and revokes partners. A key is printed once and kept nowhere.
"""

import base64
import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from shared.commands import (
    EXIT_BAD_INPUT,
    EXIT_DOES_NOT_HOLD,
    Data,
    Json,
    key_store,
    opened,
    public_address,
    run,
    show,
    stop,
)

partner = typer.Typer(no_args_is_help=True)
receipt = typer.Typer(no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The partner's name, as `partner list` shows it.")]


@partner.command("add")
def add(
    name: Annotated[str, typer.Argument(help="A short name: bibliotheek, voetbalclub-noord.")],
    adv: Annotated[bool, typer.Option("--adv", help="May register complaints and reports (the ADV only).")] = False,
    municipality: Annotated[str | None, typer.Option(help="Its code; default: that of this installation.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """A new partner and its API key, shown this once."""
    from services.intake.partners import add_partner
    from shared.clock import SystemClock
    from shared.municipalities import load
    from shared.settings import read_installation

    if not name.strip() or len(name) > 100:
        stop("a partner's name has 1 to 100 characters", EXIT_BAD_INPUT)

    async def make() -> str:
        municipalities = load(read_installation(data=data).municipalities)
        chosen = municipalities.get(municipality) if municipality else municipalities.default
        async with _intake(data) as (database, secret), database.transaction() as tx:
            return await add_partner(
                name.strip(), tx, adv=adv, municipality=chosen.code, secret=secret, clock=SystemClock()
            )

    key = run(make)
    show({"partner": name.strip(), "apiKey": key}, as_json=as_json, lines=[f"partner {name.strip()}", f"API key {key}"])


@partner.command("list")
def list_partners(data: Data = None, as_json: Json = False) -> None:
    """The partners, their live keys, the day one was last used, and the mark that stands in notices."""
    from services.intake import storage
    from services.intake.storage import clients
    from shared.clock import SystemClock

    async def rows() -> list[dict[str, Any]]:
        now = SystemClock().now()
        found = []
        async with _intake(data) as (database, _), database.reading() as tx:
            systems = await clients.registered(tx)
            for one in await storage.partners(tx):
                mine = await storage.credentials_of(tx, one.id)
                live = [c for c in mine if c.revoked_at is None and (c.expires_at is None or c.expires_at > now)]
                used = max((c.last_used_on for c in mine if c.last_used_on), default=None)
                found.append(
                    {
                        "partner": one.name,
                        "adv": one.adv,
                        "municipality": one.municipality,
                        "sourceRef": one.source_ref,
                        "liveKeys": sum(c.kind == "key" for c in live),
                        "liveLinks": sum(c.kind == "link" for c in live),
                        "client": one.id in systems,
                        "lastUsedOn": used.isoformat() if used else None,
                    }
                )
        return found

    found = run(rows)
    lines = [
        f"{r['partner']}  {'adv' if r['adv'] else ''}  keys {r['liveKeys']}  last used {r['lastUsedOn']}"
        f"  {r['sourceRef']}"
        for r in found
    ]
    show({"partners": found}, as_json=as_json, lines=lines or ["there are no partners yet"])


@partner.command("rotate")
def rotate_key(name: Name, data: Data = None, as_json: Json = False) -> None:
    """A new API key, shown this once; the old one works for another week."""
    from services.intake.partners import rotate
    from shared.clock import SystemClock

    async def make() -> str:
        async with _intake(data) as (database, secret), database.transaction() as tx:
            return await rotate(name, tx, secret=secret, clock=SystemClock())

    key = run(make)
    show({"partner": name, "apiKey": key}, as_json=as_json, lines=[f"API key {key}"])


@partner.command("revoke")
def revoke_keys(name: Name, data: Data = None, as_json: Json = False) -> None:
    """Stop every key and link of a partner, now."""
    from services.intake.partners import revoke
    from shared.clock import SystemClock

    async def stop_all() -> int:
        async with _intake(data) as (database, _), database.transaction() as tx:
            return await revoke(name, tx, clock=SystemClock())

    count = run(stop_all)
    show({"partner": name, "revoked": count}, as_json=as_json, lines=[f"{count} stopped"])


@partner.command("client")
def register_client(
    name: Name,
    jwks: Annotated[Path, typer.Option(help="The JWK set with its public keys.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Let the partner's own system sign in with its key (OAuth 2.0, private_key_jwt); replaces earlier keys."""
    from services.intake import partners
    from shared.clock import SystemClock

    try:
        text = jwks.read_text()
    except (OSError, ValueError):
        stop("the file with the public keys cannot be read", EXIT_BAD_INPUT)

    async def make() -> str:
        async with _intake(data) as (database, _), database.transaction() as tx:
            return await partners.register_client(name, tx, jwks=text, clock=SystemClock())

    client_id, endpoint = run(make), f"{public_address(data)}/intake/v1/tokens"
    shown = {"partner": name, "clientId": client_id, "tokenEndpoint": endpoint}
    show(shown, as_json=as_json, lines=[f"client id      {client_id}", f"token endpoint {endpoint}"])


@partner.command("link")
def link(
    name: Name,
    days: Annotated[int, typer.Option(min=1, max=3660, help="How long it is valid.")] = 365,
    qr: Annotated[Path | None, typer.Option("--qr", help="Write the link as a QR code to this SVG file.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """A link that signs a volunteer's browser in as this partner."""
    from services.intake.credentials import LINK_PREFIX
    from services.intake.partners import add_credential, named
    from shared.clock import SystemClock

    async def make() -> str:
        async with _intake(data) as (database, secret), database.transaction() as tx:
            who = await named(name, tx)
            return await add_credential(who, tx, prefix=LINK_PREFIX, secret=secret, clock=SystemClock(), days=days)

    url = f"{public_address(data)}/melden/aanmelden?code={run(make)}"
    if qr is not None:
        import segno

        try:
            segno.make(url, error="m").save(str(qr), kind="svg", scale=6)
        except OSError:
            stop("the QR code cannot be written there", EXIT_BAD_INPUT)
    show({"url": url}, as_json=as_json, lines=[url])


@receipt.callback()
def _receipts() -> None:
    """Proofs of receipt."""


@receipt.command("verify")
def verify_receipt(
    source: Annotated[str, typer.Argument(metavar="FILE|-", help="The proof, or the whole answer with it.")],
    keys: Annotated[Path | None, typer.Option(help="The JWK set of /intake/v1/sleutels; default: own keys.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Whether a proof of receipt was really given here; exit 1 when not. Needs no network."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from services.intake.receipt_proofs import verify
    from shared.errors import Rejected

    try:
        text = sys.stdin.read(100_000) if source == "-" else Path(source).read_text()[:100_000]
        public = None
        if keys is not None:
            jwk = json.loads(keys.read_text())["keys"][0]
            public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(jwk["x"] + "=="))
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        stop("the file cannot be read", EXIT_BAD_INPUT)
    if text.lstrip().startswith("{"):
        try:
            text = str(json.loads(text)["bewijs"])
        except (ValueError, KeyError):
            stop("the file holds no proof of receipt", EXIT_BAD_INPUT)

    async def check() -> dict[str, str]:
        return verify(text, public or key_store(data)[0].verifying_key("receipt"))

    try:
        claims = run_checked(check)
    except Rejected:
        show({"ok": False}, as_json=as_json, lines=["this is not a proof of receipt of this installation"])
        raise typer.Exit(EXIT_DOES_NOT_HOLD) from None
    show({"ok": True, **claims}, as_json=as_json, lines=[f"good: received {claims['ontvangenOp']}"])


def run_checked(work: Any) -> Any:  # noqa: ANN401 - passes through what the work returns
    """The work's result; lets Rejected through, for the command to turn into exit 1."""
    import asyncio

    return asyncio.run(work())


def _intake(data: Path | None) -> Any:  # noqa: ANN401 - an async context manager of database and secret
    import contextlib
    from collections.abc import AsyncIterator

    from services.intake.storage import MIGRATIONS
    from shared.database import Database
    from shared.migrations import migrate
    from shared.settings import DatabaseSettings, read, read_installation

    @contextlib.asynccontextmanager
    async def prepared() -> AsyncIterator[tuple[Database, bytes]]:
        keys, _ = key_store(data)
        installation = read_installation(data=data)
        if installation.embedded:  # partners can be added before the first start
            database = Database(read(DatabaseSettings).url("intake", installation))
            await database.open()
            try:
                await migrate(database, MIGRATIONS)
            finally:
                await database.close()
        async with opened("intake", data) as database:
            yield database, keys.secret("intake")

    return prepared()


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(partner, name="partner", help="Organisations that may send signals.")
    app.add_typer(receipt, name="receipt", help="Proofs of receipt.")
