"""Personal data is found and masked; hotlines, dates and prices are left alone."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinglan.analysis.privacy import find, mask, mask_name


@pytest.mark.parametrize(
    ("text", "kind", "piece"),
    [
        ("打13800138000", "mobile", "13800138000"),
        ("打138-0013-8000谢谢", "mobile", "138-0013-8000"),
        ("打138 0013 8000", "mobile", "138 0013 8000"),
        ("打+86 13800138000", "mobile", "+86 13800138000"),
        ("打８６１３８００１３８０００", "mobile", "８６１３８００１３８０００"),
        ("打１３８００１３８０００", "mobile", "１３８００１３８０００"),
        ("电话0571-88886666", "landline", "0571-88886666"),
        ("电话(010)8888 6666", "landline", "(010)8888 6666"),
        ("电话02188886666", "landline", "02188886666"),
        ("家里电话：88886666", "landline", "88886666"),
        ("身份证11010519491231002X", "id_card", "11010519491231002X"),
        ("身份证110105194912310021", "id_card", "110105194912310021"),
        ("老证110105491231002。", "id_card", "110105491231002"),
        ("卡号4111111111111111", "bank_card", "4111111111111111"),
        ("卡号6222021234567890128", "bank_card", "6222021234567890128"),
        ("卡号4111 1111 1111 1111", "bank_card", "4111 1111 1111 1111"),
        ("邮箱An.Qi+1@mail.example.com.cn", "email", "An.Qi+1@mail.example.com.cn"),
        ("车牌浙A12345", "plate", "浙A12345"),
        ("车牌沪A·D12345了", "plate", "沪A·D12345"),
        ("车牌京b1234警", "plate", "京b1234警"),
        ("住建国路88号", "address", "88号"),
        ("住建国路88号院3号楼2单元501室", "address", "88号院3号楼2单元501室"),
        ("住中山街十八号", "address", "十八号"),
        ("住星河小区12栋502", "address", "12栋502"),
        ("住5号楼2单元1001", "address", "5号楼2单元1001"),
        ("打一三八〇〇〇〇九八七六", "mobile", "一三八〇〇〇〇九八七六"),
        ("打幺三八零零幺三八零零零", "mobile", "幺三八零零幺三八零零零"),
        ("订单4111111111111112", "order_number", "4111111111111112"),
        ("订单号：XH202611080923847", "order_number", "XH202611080923847"),
        ("快递单号SF1234567890123", "order_number", "SF1234567890123"),
        ("我叫安琪，", "name", "安琪"),
        ("联系人：欧阳晨曦", "name", "欧阳晨曦"),
        ("姓名是王博文", "name", "王博文"),
    ],
)
def test_personal_data_is_found_and_masked(text: str, kind: str, piece: str) -> None:
    found = [(one.kind, text[one.start : one.end]) for one in find(text)]
    assert found == [(kind, piece)]
    assert piece not in mask(text)
    assert len(mask(text)) == len(text) or kind == "email"


@pytest.mark.parametrize(
    "text",
    [
        "客服400-820-8820",
        "客服4008208820",
        "客服800-810-8888",
        "打95588和12315、12345、10086、110",
        "客服电话：88886666",
        "服务热线0571-88886666",
        "门店咨询电话(010)8888 6666",
        "2026年11月23日 18:05:00",
        "2026-11-23 18:05",
        "价格1999.00元，降了13800元",
        "微博4463215678901234500",
        "流水4111111111111112",
        "流水110105194912310021",
        "订单3件，单号请私信",
        "我叫车去的",
        "我叫了外卖，联系人家说没有",
        "患者康复，家长陪同",
        "王女士您好，安排女士优先",
        "当事人陈某芳",
        "联系人：刘女士",
        "张晨曦先生在发布会上说",
        "坐地铁2号线，走一号路",
        "建国路2号线入口",
        "6号楼在修",
        "@星河电器 #星河#",
        "型号沪A版",
        "13天，1380人",
        "编号138001380001",
    ],
)
def test_what_is_no_personal_data_stays(text: str) -> None:
    assert find(text) == []
    assert mask(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("打13800138000或0571-88886666", "打138****8000或057*-******66"),
        ("+86 13800138000", "+86 138****8000"),
        ("身份证11010519491231002X", "身份证1****************X"),
        ("卡4111 1111 1111 1111", "卡**** **** **** 1111"),
        ("a@example.com，anqi@example.com", "a***@example.com，a***@example.com"),
        ("浙A·12345", "浙A·****5"),
        ("建国路88号院3号楼501室", "建国路**号院*号楼***室"),
        ("中山街十八号", "中山街**号"),
    ],
)
def test_a_masked_text_can_still_be_read(text: str, masked: str) -> None:
    assert mask(text) == masked


PIECES = [
    "138",
    "0013",
    "8000",
    "0571",
    "88886666",
    "-",
    " ",
    "路",
    "号",
    "栋",
    "浙A",
    "a",
    "@b.cn",
    "X",
]


@given(st.lists(st.sampled_from([*PIECES, "11010519491231002", "电话", "一"]), max_size=10))
def test_masking_a_masked_text_changes_nothing(pieces: list[str]) -> None:
    once = mask("".join(pieces))
    assert mask(once) == once
    assert find(once) == []


@given(st.text(max_size=60))
def test_any_text_can_be_masked(text: str) -> None:
    found = find(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert find(mask(text)) == []


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("安琪", "安*"),
        ("王安琪", "王**"),
        ("欧阳安琪", "欧阳**"),
        ("欧阳", "欧*"),
        ("安", "安*"),
        ("Tom", "T***"),
        ("星河的小粉丝", "星***丝"),
        ("张***三", "张***三"),
        ("", ""),
    ],
)
def test_a_name_is_masked(name: str, masked: str) -> None:
    assert mask_name(name) == masked
    assert mask_name(masked) == masked


def test_in_a_text_of_ours_a_full_name_with_a_title_is_a_consumers() -> None:
    text = "已为张晨曦女士换新，王女士的也已寄出"
    assert find(text) == []
    assert [(it.kind, it.masked) for it in find(text, is_ours=True)] == [("name", "张**")]


OWN = ["0571-8888 6666", "138 0000 0000", "service@xinghe.example", "云溪市星河路18号星河大厦"]


@pytest.mark.parametrize(
    "text",
    [
        "总机057188886666或（0571）88886666",
        "值班手机13800000000，来信SERVICE@xinghe.example",
        "寄到云溪市星河路18号星河大厦售后部",
    ],
)
def test_the_companys_own_contacts_are_no_personal_data(text: str) -> None:
    assert find(text)
    assert find(text, own=OWN) == []


def test_a_number_that_contains_an_own_one_is_still_personal() -> None:
    assert [found.masked for found in find("打13895000123", own=["95000"])] == ["138****0123"]


def test_an_empty_contact_excepts_nothing() -> None:
    assert find("打13800138000", own=["", " ", "-"])
