# SPDX-License-Identifier: EUPL-1.2
"""What people read: short sentences, in both languages, for every kind of message."""

import re
from typing import get_args

import pytest

from services.notifier import oversight_pages, pages, subscription_pages
from services.notifier.messages import BODIES, LINKS, SUBJECTS, TEXTS, day, plural
from services.notifier.service import SENTENCES
from services.notifier.subscriptions import Kind
from tests.unit.notifier.room import START

LONGEST_WORDS = 18  # about fifteen, with some room for a name or a date that is filled in
DUTCH = [
    *TEXTS["nl"].values(), *SUBJECTS["nl"].values(), *BODIES["nl"].values(), *LINKS["nl"].values(),
    *SENTENCES.values(), *oversight_pages.TEXTS.values(), *oversight_pages.TITLES.values(),
    *pages.VERDICT_LABELS.values(), *subscription_pages.RHYTHM_LABELS.values(),
    *(message.text for message in pages.MESSAGES.values()),
]  # fmt: skip


@pytest.mark.parametrize("text", DUTCH)
def test_given_a_dutch_text_when_counted_then_no_sentence_is_long(text: str) -> None:
    sentences = re.split(r"(?<=[.?!:;])\s+", text)

    assert max(len(sentence.split()) for sentence in sentences) <= LONGEST_WORDS


@pytest.mark.parametrize("language", ["nl", "en"])
def test_given_each_kind_of_message_when_looked_up_then_subject_and_text_are_there(language: str) -> None:
    kinds = set(get_args(Kind))

    assert set(SUBJECTS[language]) == kinds  # type: ignore[index]  # one of the languages
    assert set(BODIES[language]) == kinds  # type: ignore[index]  # as above
    assert set(TEXTS["nl"]) == set(TEXTS["en"])


@pytest.mark.parametrize(
    ("language", "number", "said"),
    [
        ("nl", 1, "1 signaal"),
        ("nl", 2, "2 signalen"),
        ("nl", 0, "0 signalen"),
        ("en", 1, "1 signal"),
        ("en", 5, "5 signals"),
    ],
)
def test_given_a_number_when_said_then_the_noun_follows_it(language: str, number: int, said: str) -> None:
    assert plural(language, "signals", number, str(number)) == said  # type: ignore[arg-type]  # one of the languages


def test_given_a_day_when_said_then_as_people_of_that_language_write_it() -> None:
    assert (day(START.date(), "nl"), day(START.date(), "en")) == ("2 november 2026", "2 November 2026")
