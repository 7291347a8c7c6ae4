# SPDX-License-Identifier: EUPL-1.2
"""What a part of an address may be. Owns the kinds of path parameters beyond those of the framework.

Source: NLgov REST API Design Rules 2: an operation on a collection is its last segment and begins with an underscore.
"""

from starlette.convertors import Convertor, register_url_convertor


class IdConvertor(Convertor[str]):
    """An id under a collection, `{id:id}`: never one of the collection's operations, such as `_volgende`."""

    regex = "[^_/][^/]*"

    def convert(self, value: str) -> str:
        """The id as it stands in the address."""
        return value

    def to_string(self, value: str) -> str:
        """The id as it goes into an address."""
        return value


register_url_convertor("id", IdConvertor())
