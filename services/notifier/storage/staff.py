# SPDX-License-Identifier: EUPL-1.2
"""What staff enter and are told: campaigns and events, mutes, versions of the rules, notices."""

import datetime as dt
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from shared.database import Transaction, UtcDateTime, insert_ignoring
from shared.errors import NotFound

_metadata = sa.MetaData()
NOTICES: Final = sa.Table(
    "notices",
    _metadata,
    sa.Column("notice_id", sa.String(36), primary_key=True),
    *(sa.Column(name, sa.String) for name in ("municipality", "code", "subject")),
    sa.Column("since", sa.Date),
    sa.Column("facts", sa.Text),
    sa.Column("at", UtcDateTime),
)
RULES: Final = sa.Table(
    "rules",
    _metadata,
    sa.Column("rule_id", sa.String(36), primary_key=True),
    sa.Column("municipality", sa.String),
    sa.Column("number", sa.Integer),
    sa.Column("at", UtcDateTime),
    *(sa.Column(name, sa.String) for name in ("by", "role", "reason", "values")),
)
CAMPAIGNS: Final = sa.Table(
    "campaigns",
    _metadata,
    sa.Column("campaign_id", sa.String(36), primary_key=True),
    *(sa.Column(name, sa.String) for name in ("municipality", "kind", "label")),
    sa.Column("start", sa.Date),
    sa.Column("end", sa.Date),
    *(sa.Column(name, sa.String) for name in ("grounds", "by")),
    sa.Column("at", UtcDateTime),
)
MUTES: Final = sa.Table(
    "mutes",
    _metadata,
    sa.Column("mute_id", sa.String(36), primary_key=True),
    *(sa.Column(name, sa.String) for name in ("municipality", "ground", "district")),
    sa.Column("start", sa.Date),
    sa.Column("end", sa.Date),
    *(sa.Column(name, sa.String) for name in ("reason", "by")),
    sa.Column("at", UtcDateTime),
)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something for the administrator or the coordinator: a code, what it is about, and safe figures."""

    notice_id: str
    municipality: str
    code: str
    subject: str
    since: dt.date
    facts: Mapping[str, Any]
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """The rules as somebody set them, and why."""

    rule_id: str
    municipality: str
    number: int
    at: dt.datetime
    by: str
    role: str
    reason: str
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class KnownCampaign:
    """A campaign, or an event elsewhere, that staff entered. Both days included; no grounds means all."""

    campaign_id: str
    municipality: str
    kind: str
    label: str
    start: dt.date
    end: dt.date
    grounds: tuple[str, ...]
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Mute:
    """A time in which nothing is sent about a ground or a district, and why. None is all of them."""

    mute_id: str
    municipality: str
    ground: str | None
    district: str | None
    start: dt.date
    end: dt.date
    reason: str
    by: str
    at: dt.datetime


async def note(tx: Transaction, notice: Notice) -> bool:
    """Whether the notice is new; the same thing is told once."""
    row = {name: getattr(notice, name) for name in Notice.__dataclass_fields__} | {
        "facts": json.dumps(dict(notice.facts))
    }
    statement = insert_ignoring(NOTICES, tx.dialect).values(row).returning(NOTICES.c.notice_id)
    return bool(await tx.rows(statement))


async def notices(tx: Transaction, municipality: str, *, limit: int = 200) -> list[Notice]:
    """The newest notices of a municipality."""
    c = NOTICES.c
    query = sa.select(NOTICES).where(c.municipality == municipality).order_by(c.at.desc(), c.notice_id).limit(limit)
    return [Notice(**{**row, "facts": json.loads(row["facts"])}) for row in await tx.rows(query)]


async def noted_between(
    tx: Transaction, municipality: str, codes: Collection[str], first: dt.date, last: dt.date
) -> bool:
    """Whether one of these things began in these days."""
    c = NOTICES.c
    there = sa.select(c.notice_id).where(c.municipality == municipality, c.code.in_(list(codes)))
    return await tx.first(there.where(c.since >= first, c.since <= last).limit(1)) is not None


def add_rule(tx: Transaction, rule: RuleVersion) -> None:
    """Keep a new version; the unique number stops two people from both setting the next one."""
    values = {name: getattr(rule, name) for name in RuleVersion.__dataclass_fields__}
    tx.add(RULES, **{**values, "values": json.dumps(dict(rule.values))})


async def rules(tx: Transaction, municipality: str) -> list[RuleVersion]:
    """Every version, the one in force first."""
    query = sa.select(RULES).where(RULES.c.municipality == municipality).order_by(RULES.c.number.desc())
    return [RuleVersion(**{**row, "values": json.loads(row["values"])}) for row in await tx.rows(query)]


def add_campaign(tx: Transaction, campaign: KnownCampaign) -> None:
    """Keep what staff entered."""
    values = {name: getattr(campaign, name) for name in KnownCampaign.__dataclass_fields__}
    tx.add(CAMPAIGNS, **{**values, "grounds": " ".join(campaign.grounds)})


async def campaigns(tx: Transaction, municipality: str) -> list[KnownCampaign]:
    """What staff entered, the latest start first."""
    c = CAMPAIGNS.c
    rows = await tx.rows(sa.select(CAMPAIGNS).where(c.municipality == municipality).order_by(c.start.desc(), c.label))
    return [KnownCampaign(**{**row, "grounds": tuple(row["grounds"].split())}) for row in rows]


async def remove_campaign(tx: Transaction, campaign_id: str) -> None:
    """Forget an entry. Raises: NotFound `no_such_campaign`."""
    if (await tx.execute(sa.delete(CAMPAIGNS).where(CAMPAIGNS.c.campaign_id == campaign_id))).rowcount != 1:
        raise NotFound("no_such_campaign")


def add_mute(tx: Transaction, mute: Mute) -> None:
    """Keep a mute."""
    tx.add(MUTES, **{name: getattr(mute, name) for name in Mute.__dataclass_fields__})


async def mutes(tx: Transaction, municipality: str, *, on: dt.date | None = None) -> list[Mute]:
    """The mutes of a municipality, or those that hold on a day."""
    c = MUTES.c
    query = sa.select(MUTES).where(c.municipality == municipality)
    if on is not None:
        query = query.where(c.start <= on, c.end >= on)
    return [Mute(**row) for row in await tx.rows(query.order_by(c.start.desc(), c.mute_id))]


async def remove_mute(tx: Transaction, mute_id: str) -> None:
    """End a mute. Raises: NotFound `no_such_mute`."""
    if (await tx.execute(sa.delete(MUTES).where(MUTES.c.mute_id == mute_id))).rowcount != 1:
        raise NotFound("no_such_mute")
