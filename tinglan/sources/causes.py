"""Why a source could not be read or a push was refused, in the words of pages, by the error's code.

The sentence of the error itself, with all its figures, stays as it is and stands beside this one:
it is for whoever mends the source, or whose program sent the push.
"""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CAUSES: Final[Mapping[str, Promise]] = {
    # a poll
    "unreachable": _("The site could not be reached, or did not answer as it should."),
    "blocked_address": _("The address does not lead to a public web site, so it is not read."),
    "gone": _("The site says that the feed is gone for good: give its new address, or remove it."),
    "refused": _("The site refuses us the feed: it asks to sign in, or blocks us."),
    "not_found": _("There is nothing at this address: check the address of the feed."),
    "too_often": _("The site asks to be read less often."),
    "site_error": _("The site answers with an error of its own."),
    "html": _("The address shows a web page and no feed: look for the address of the feed itself."),
    "dtd": _("The feed begins with a definition that is not safe to read: ask for a plain feed."),
    "not_a_feed": _("What the address shows cannot be read as a feed."),
    "not_polled": _("This kind of source is not polled: its posts are delivered."),
    "unknown_connector": _("There is no way to read this kind of source."),
    "broken": _("Tinglan stumbled over the answer; the log has more."),
    # a file or a body
    "empty": _("There is nothing in it."),
    "too_large": _("It is larger than what is taken at once: send it in parts."),
    "file_gone": _("The file that was handed in is not there any more: hand it in again."),
    "damaged": _("It is damaged: it could not be expanded."),
    "half_written": _("It ends in the middle: what stood before was read, read it again later."),
    "not_text": _("This is no file of text: save it as CSV in UTF-8, or as JSON Lines."),
    "no_header": _("The first line of the file does not name its columns."),
    "unknown_profile": _("The file has not the columns of any format that is known here."),
    "nothing_readable": _("No entry of the file could be read."),
    "bad_json": _("It is no JSON that can be read as posts."),
    "bad_encoding": _("It is compressed in a way that is not taken: send gzip, or none."),
    "bad_type": _("It was sent as a type that is not taken: send JSON."),
    # a push
    "bad_token": _("The token is not valid: issue a new one, and give it to the sender."),
    "unsigned": _("It carried neither a token nor a whole signature."),
    "malformed": _("Its signature could not be read."),
    "bad_signature": _("Its signature does not fit: the secret of the sender is another one."),
    "too_old": _("It was signed too long ago: the clock of the sender may be slow."),
    "too_new": _("It was signed in the future: the clock of the sender is fast."),
    "paused": _("This source is paused: resume it, or stop the sender."),
    "too_many": _("Too many requests in a minute: the sender should send more posts in each."),
    "id_reused": _("Another body had come under the same id: every push needs an id of its own."),
}


def cause_of(code: str, detail: str) -> str:
    """The sentence for a code; where there is none the detail speaks for itself."""
    return str(CAUSES.get(code, detail))
