"""`tinglan check`: a verdict on every line, what is at fault and why, bad lines in their place."""

import io
import json
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tinglan.analysis.tone import Fact
from tinglan.replies.known import contacts_of, facts_of

GOOD = {"id": 1, "kind": "reply", "context": "漏水", "text": "换新或退款您选，私信我们就能办"}
BAD = {"id": "b", "kind": "reply", "text": "麻烦您把差评删掉，私信我们"}


class Streams:
    """Standard input and output of one command."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, out: pytest.CaptureFixture[bytes]) -> None:
        self.monkeypatch = monkeypatch
        self.out = out

    def give(self, *rows: object) -> None:
        raw = "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)
        given = io.TextIOWrapper(io.BytesIO(raw.encode()), encoding="utf-8")
        self.monkeypatch.setattr(sys, "stdin", given)

    def answers(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.out.readouterr().out.splitlines()]


@pytest.fixture
def streams(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Streams:
    return Streams(monkeypatch, capsysbinary)


def test_each_line_gets_its_verdict(streams: Streams) -> None:
    streams.give(GOOD, BAD)
    call_command("check")
    good, bad = streams.answers()
    assert good == {"id": 1, "verdict": "ok", "findings": []}
    assert (bad["id"], bad["verdict"]) == ("b", "violation")
    assert isinstance(bad["findings"], list)
    finding = bad["findings"][0]
    assert (finding["rule"], finding["span"]) == ("asks_deletion", [4, 8])
    assert finding["why"]
    assert finding["better"]


def test_a_line_that_cannot_be_checked_is_told_in_its_place(streams: Streams) -> None:
    streams.give(GOOD, "{no", {**BAD, "kind": "poem"}, {"id": 4}, {**BAD, "text": "好" * 50_001})
    with pytest.raises(SystemExit) as ended:
        call_command("check")
    first, second, third, fourth, fifth = streams.answers()
    assert ended.value.code == 1
    assert first["verdict"] == "ok"
    assert second["line"] == 2
    assert "poem" in str(third["error"])
    assert fourth == {"id": 4, "error": '"text" is missing'}
    assert "50,000" in str(fifth["error"])


def test_contacts_and_findings_are_read_from_files(streams: Streams, tmp_path: Path) -> None:
    contacts, findings = tmp_path / "contacts.txt", tmp_path / "findings.jsonl"
    contacts.write_text("值班手机：13800001234\n", "utf-8")
    findings.write_text('{"claim": "K3水壶漏电", "status": "refuted"}\n', "utf-8")
    text = "网传K3水壶漏电不属实，详情请拨打13800001234。"
    streams.give({"id": 1, "kind": "statement", "text": text})
    call_command("check", contacts=str(contacts), findings=str(findings))
    assert streams.answers()[0]["verdict"] == "ok"
    streams.give({"id": 1, "kind": "statement", "text": text})
    call_command("check")
    found = streams.answers()[0]["findings"]
    assert isinstance(found, list)
    assert {it["rule"] for it in found} == {"personal_data", "unverified_claim"}


def test_a_file_that_is_absent_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="absent"):
        call_command("check", contacts=str(tmp_path / "absent"))


@pytest.mark.parametrize(
    "text",
    [
        "400-000-8820\nservice@xinghe.example",
        '{"kind": "hotline", "value": "400-000-8820"}\n{"mail": "service@xinghe.example"}',
        '["400-000-8820", "service@xinghe.example"]',
        '{"phones": ["400-000-8820"], "mails": ["service@xinghe.example"]}',
        "热线：400-000-8820，邮箱：service@xinghe.example",
    ],
)
def test_contacts_are_read_from_lines_and_from_json(text: str) -> None:
    assert {"400-000-8820", "service@xinghe.example"} <= set(contacts_of(text))


def test_a_street_of_ours_is_known_without_its_town() -> None:
    assert "星河路18号" in contacts_of("云溪市星河路18号星河大厦")[1]


def test_only_what_somebody_checked_is_a_fact() -> None:
    text = """
    {"claim": "水壶漏电", "status": "refuted"}
    {"claim": "起火原因", "status": "unchecked"}
    {"text": "冷链中断4小时"}
    退款延迟
    17
    """
    assert facts_of(text) == (
        Fact("水壶漏电", is_true=False),
        Fact("冷链中断4小时"),
        Fact("退款延迟"),
        Fact("17"),
    )
