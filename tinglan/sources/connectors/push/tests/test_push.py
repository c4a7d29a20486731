"""Pushed bodies: an answer for each line, limits, and who may push."""

import base64
import gzip
import io
import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import standardwebhooks
from hypothesis import given
from hypothesis import strategies as st

from tinglan.sources.connectors.contract import ConnectorError, SourceFacts
from tinglan.sources.connectors.push import connector
from tinglan.sources.connectors.push.connector import read, unpack
from tinglan.sources.connectors.push.signature import SignatureError, key_of, sign, verify
from tinglan.sources.item import Item, Reject

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FACTS = SourceFacts(
    platform="news:example",
    scope="source-7",
    zone=ZoneInfo("Asia/Shanghai"),
    now=NOW,
)
SECRET = "whsec_" + base64.b64encode(b"a key of the house of kettles 32").decode()
OTHER = "whsec_" + base64.b64encode(b"another key, after the rotation").decode()
BODY = '[{"id": "1", "text": "星河水壶漏水"}]'.encode()


def entries(data: str | bytes) -> list[Item | Reject]:
    raw = data.encode() if isinstance(data, str) else data
    return list(read(io.BytesIO(raw), source=FACTS))


@pytest.mark.parametrize(
    "body",
    [
        '[{"id": "1", "text": "一"}, {"id": "2", "text": "二"}]',
        '{"id": "1", "text": "一"}\n{"id": "2", "text": "二"}\n',
        '{"id": "1", "text": "一"}\r\n{"id": "2", "text": "二"}',
    ],
)
def test_arrays_and_lines_are_read_alike(body: str) -> None:
    assert [(entry.position, entry.native_id) for entry in entries(body)] == [(1, "1"), (2, "2")]


def test_one_object_is_one_post() -> None:
    assert len(entries('{\n "id": "1",\n "text": "一"\n}')) == 1


def test_each_line_has_its_own_answer() -> None:
    found = entries(
        '{"id": "1", "text": "一"}\nbroken\n\n{"id": "4", "verified": "vip", "text": "四"}\n'
    )
    assert [(entry.position, type(entry)) for entry in found] == [
        (1, Item),
        (2, Reject),
        (4, Reject),
    ]
    last = found[2]
    assert isinstance(last, Reject)
    assert last.reason == "its verified is 'vip'; it may be none, person, org, media, gov"
    assert last.native_id == "4"


def test_markup_in_a_post_stays_text() -> None:
    (item,) = entries('{"id": "1", "text": "<script>alert(1)</script>漏水", "url": "javascript:x"}')
    assert isinstance(item, Item)
    assert (item.text, item.url) == ("<script>alert(1)</script>漏水", "")


def test_a_post_of_100_kb_is_taken_whole() -> None:
    (item,) = entries(json.dumps({"id": "1", "text": "水" * 34_000}))
    assert isinstance(item, Item)
    assert len(item.text.encode()) == 102_000


@pytest.mark.parametrize("body", ["", "   ", "id=1&text=2", "null", "<post/>"])
def test_a_body_that_is_no_json_is_refused_as_a_whole(body: str) -> None:
    with pytest.raises(ConnectorError) as caught:
        entries(body)
    assert caught.value.code == "bad_json"


def test_an_array_cut_short_is_refused() -> None:
    with pytest.raises(ConnectorError) as caught:
        entries('[{"id": "1", "text": "一"}, {"id": "2"')
    assert caught.value.code == "half_written"


def test_gzip_is_expanded_and_a_bomb_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert unpack(gzip.compress(BODY), encoding="gzip").read() == BODY
    monkeypatch.setattr(connector, "MAX_EXPANDED", 1000)
    with pytest.raises(ConnectorError, match="Send it in parts") as caught:
        unpack(gzip.compress(b" " * 1_000_000), encoding="gzip")
    assert caught.value.code == "too_large"


@pytest.mark.parametrize(
    ("body", "encoding", "code"),
    [(BODY, "br", "bad_encoding"), (BODY, "gzip", "damaged"), (b" " * 2000, "", "too_large")],
)
def test_a_body_that_cannot_be_unpacked_says_why(
    body: bytes, encoding: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connector, "MAX_BODY", 1000)
    with pytest.raises(ConnectorError) as caught:
        unpack(body, encoding=encoding)
    assert (caught.value.code, caught.value.permanent) == (code, True)


# Signatures


def signed(body: bytes = BODY, *, secret: str = SECRET, at: datetime = NOW) -> dict[str, str]:
    """As the reference package signs it."""
    webhook = standardwebhooks.Webhook(secret)
    return {
        "Webhook-Id": "msg_1",
        "Webhook-Timestamp": str(int(at.timestamp())),
        "Webhook-Signature": webhook.sign("msg_1", at, body.decode()),
    }


def test_what_the_reference_package_signs_is_accepted() -> None:
    found = verify(BODY, headers=signed(), secrets=[SECRET], now=NOW)
    assert (found.message_id, found.sent_at) == ("msg_1", NOW)


def test_what_we_sign_the_reference_package_signs_alike() -> None:
    ours = sign(BODY, message_id="msg_1", secret=SECRET, at=NOW)
    assert ours["webhook-signature"] == signed()["Webhook-Signature"]


def test_while_keys_are_changed_either_side_may_be_first() -> None:
    both = signed() | {
        "Webhook-Signature": "v1a,AAAA v1,bad! "
        + " ".join(signed(secret=secret)["Webhook-Signature"] for secret in (OTHER, SECRET))
    }
    assert verify(BODY, headers=both, secrets=[SECRET], now=NOW)
    assert verify(BODY, headers=signed(), secrets=[OTHER, SECRET], now=NOW)


def test_a_compressed_body_is_verified_as_it_was_sent() -> None:
    packed = gzip.compress(BODY)
    headers = sign(packed, message_id="msg_2", secret=SECRET, at=NOW)
    assert verify(packed, headers=headers, secrets=[SECRET], now=NOW)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Webhook-Id": ""}, "unsigned"),
        ({"Webhook-Timestamp": ""}, "unsigned"),
        ({"Webhook-Signature": ""}, "unsigned"),
        ({"Webhook-Id": "msg_2"}, "bad_signature"),
        ({"Webhook-Id": "x" * 300}, "malformed"),
        ({"Webhook-Timestamp": "soon"}, "malformed"),
        ({"Webhook-Timestamp": "nan"}, "malformed"),
        ({"Webhook-Timestamp": "1795348800.5"}, "malformed"),
        ({"Webhook-Timestamp": "9" * 30}, "malformed"),
        ({"Webhook-Timestamp": str(int(NOW.timestamp()) + 1)}, "bad_signature"),
        ({"Webhook-Timestamp": "0"}, "too_old"),
        ({"Webhook-Signature": "v1"}, "bad_signature"),
        ({"Webhook-Signature": "v1,!!!"}, "bad_signature"),
        ({"Webhook-Signature": "v1,"}, "bad_signature"),
        ({"Webhook-Signature": "v2,AAAA"}, "bad_signature"),
    ],
)
def test_a_changed_header_is_refused(change: dict[str, str], code: str) -> None:
    with pytest.raises(SignatureError) as caught:
        verify(BODY, headers=signed() | change, secrets=[SECRET], now=NOW)
    assert caught.value.code == code


def test_a_changed_body_or_another_key_is_refused() -> None:
    for body, secrets in ((BODY + b" ", [SECRET]), (BODY, [OTHER]), (BODY, [])):
        with pytest.raises(SignatureError, match="No signature fits"):
            verify(body, headers=signed(), secrets=secrets, now=NOW)


def test_only_five_minutes_either_way_are_taken() -> None:
    edge, beyond = timedelta(minutes=5), timedelta(minutes=5, seconds=1)
    for shift in (edge, -edge):
        assert verify(BODY, headers=signed(), secrets=[SECRET], now=NOW + shift)
    for shift, code in ((beyond, "too_old"), (-beyond, "too_new")):
        with pytest.raises(SignatureError) as caught:
            verify(BODY, headers=signed(), secrets=[SECRET], now=NOW + shift)
        assert caught.value.code == code


@given(st.text(), st.text(), st.text())
def test_no_header_is_another_error(message_id: str, stamp: str, signature: str) -> None:
    headers = {
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": signature,
    }
    with pytest.raises(SignatureError):
        verify(BODY, headers=headers, secrets=[SECRET], now=NOW)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_!!!", "not base64 at all"])
def test_a_secret_that_is_none_is_refused_when_it_is_set(secret: str) -> None:
    with pytest.raises(ValueError, match="signing secret"):
        key_of(secret)
