"""Disguises are read, harmless words stay, and every character knows where it came from."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.errors import ConfigError
from moderation.normalise import Decoded, normalise
from moderation.normalise.lexicon import lexicon, load

DISGUISED = {
    "自杀": """自 杀|自.杀|自/杀|自❤杀|自·杀|自。杀|自—杀|自\u200b杀|自丨杀|自sha|zisha|我要zisha了|zi杀|zi sha这两个字|紫砂了|想紫砂
        查了一晚上紫砂|自鲨|想自鲨|自沙|想自沙|字杀|想子沙|姿煞|自刹|自煞|紫鲨|想紫纱|自莎|仔鲨|z砂|z杀|自s|想zs|想z s|满脑子zs zs zs|zs的念头
        zs的东西都备好了|自ѕһа|ＺＩＳＨＡ这个词我查过|自殺|自殳杀|自乂木|自ⓢⓗⓐ|🅩🅘杀|自🔸杀|不如zs算了|𝓏𝒾杀|自 sha|自*杀|zìshā好难""",
    "自残": "自can|又想自惨|已zi can|自.残|自歹戋|忍不住自c",
    "自尽": "自.尽|自烬|自jin",
    "跳楼": "跳——楼|跳木娄|足兆楼|跳l|跳lou|tiao楼|今天就t楼|跳娄|跳喽|条楼|想tl|跳搂|跳🏢|跳 楼|兆楼|跳樓|去tiaolou",
    "割腕": "割w|割wan|割碗|戈腕|割婉|割惋|🔪✋|🔪➡️🤚|🔪🤚🏻|🔪腕|割🖐|害刂月宛|割ⓦàn|ge腕|割.腕|哥腕的念头|🔪→✋",
    "上吊": "上diao|上口巾|上.吊|shang吊",
    "轻生": "有轻声的念头|轻sheng|轻s|车圣生|轻 生|想轻声",
    "遗书": "遗shu|遗树|遗淑|贵辶书|遗.书|yi书|遺書|写好了遗輸",
    "安眠药": "安mian药|安眠yao|安棉药|吞了安眠要|安眠要吃一把|按眠药|安眠💊|安.眠.药|安民药|安眠y",
    "吃药": "吃yao|💊💊💊|吃💊|💊💊💊💊💊💊 go|口乞药",
    "喝药": "喝yao了|口曷药",
    "吞药": "吞yao|天口药|吞💊",
    "农药": "喝农yao|农.药",
    "百草枯": "百cao枯|百草k|百草哭|百.草.枯",
    "烧炭": "烧tan|火尧炭|烧 炭",
    "跳河": "跳he了|跳氵可|tiao河",
    "想死": "想si|想4|想 4|想亖|想四了|想肆|想s|想S了|想 S 想 S|想sǐ|想歹匕|想鼠|想💀|想4遁|想4想得头痛|真的想④|xiang死|天天想si",
    "去死": "去s|去si|去亖|去4去4|去④吧|去四吧|去歹匕",
    "不想活": "不想huo了|b想活了|布想活|卟想活|不想h了|不xiang活|不想萿|不.想.活|bu xiang huo le|buxiang活|不想氵舌了",
    "死了算了": "s le suan le|si le suan le|死了suan了|4了算了",
    "解脱": "解tuo|解托|jie脱|只求解拖",
    "安乐死": "安le死|安乐si|安乐亖",
    "活够了": "活够le|活gou了",
    "骗子": "马扁子|骗zi|骗 子",
    "无证": "无zheng|无.证",
    "诈骗": "诈pian|诈马扁",
}
PAIRS = [
    (line.strip(), plain)
    for plain, lines in DISGUISED.items()
    for line in lines.replace("\n", "|").split("|")
]

HARMLESS = [
    line.strip()
    for line in """紫砂壶|紫砂锅炖汤|宜兴紫砂|泡紫砂|买了把紫砂壶|紫砂杯|紫砂泥料|紫砂煲|茶友送的紫砂|喝茶用紫砂的壶好|自然|自然一点的鼻子|自傲|杀菌|杀菌消毒
        想四处看看|想4点去|想4月去|想4天后拆线|4月|去死海玩|去死皮|孩子沙发上睡着了|子沙发|轻声说|轻声细语|她轻声的哭|跳楼价|割完拆线|割完双眼皮|割完线|ZS诊所|zs姐
        我在ZS做的|zs老师|去zs做鼻子|自费|自费项目|遗数|来自沙特|自沙坪坝出发|这条楼梯|一条楼道|一条漏水|那个字啥意思|孩子啥时候好|你这样子傻不傻|样子煞白
        鼻子纱布拆了|帽子沙滩|子啥|想死你了|疼死了|笑死我了|累死|热死|理想4号|思想s|联想4|猜想四处|出去4天|回去四川|去四楼复查|去四川|想四川火锅|想试试|想是|去世|去是|去10楼|去S市
        想S码|想s号的|去4楼|去4S店|想买4个|想4个月后修复|第4天|4D鼻综合|4支玻尿酸|S型曲线|zsh脚本|a4纸|x4|PS4|V4|iPhone 4s|w医生|l医生|y医生|割双眼皮|割眼袋|割哪里|割皮
        隔壁|歌碗|大哥晚上来|哥完事了|唱歌晚了|各位|自己|自信|自拍|自参加以来|自惨|子餐厅|亲子餐|自灿烂|来自餐厅|不想火锅|不想获得|不想和你吵|不想回|不想换医生|不想要
        不想h市|不响|活动|活泼|上掉了|马上掉线|眼皮上掉|上调价格|上d|同意书|协议书|医书|一书|遗属|艺术|yi shu|xiang si|shi jian|调楼层|跳绳|跳舞|眼皮跳了|心跳漏了一拍|条漏
        安眠要多久见效|安眠靠褪黑素|吃要按时|吃药按时|吃饭|吞咽疼|喝水|药膏|农家乐|神农|天台山|今天太累|后天台风|解拖管|解脱|拖线|刀疤|无政府|无整|黑芯|夹心|一杯回口
        哈哈哈|嘎了|噶了|🕊️|🪦|⚰️|🔪|💊|💊💊|🏢|👋|一天💊一次|1000000|13800004444|2024.4.4|想\n死海|你想 死不承认|他出去 死活不回|跳下楼|跳到楼下|割了腕带|酱紫，刷微博
        姿尽可能|手势沙哑|院长啥时候来|自啥时候|王子杀|面膜子沙|字纱|The zs brand|hello zisha hu|sha zi|My sister zi|想Sunny了|去sephora|去si chuan|去SPA|去spa了|想spa""".replace("\n", "|").split("|")
    if line.strip() and line.strip() not in {"自惨"}
]  # fmt: skip

DANGER_BITS = [
    char
    for word in lexicon().by_char.values()
    for w in word
    for place in w.forms
    for form in place
    for char in form
] + list(" .·*❤️\u200b，。\n🔪✋💊🏢➡4sz了的想去不壶锅茶а一二1")
ODD_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=60)
DANGEROUS_TEXT = st.lists(
    st.sampled_from([*sorted(set(DANGER_BITS)), "zi", "sha", "自", "杀", "楼", "死", "zs"]),
    max_size=25,
).map("".join)
ANY_TEXT = ODD_TEXT | DANGEROUS_TEXT | st.tuples(ODD_TEXT, DANGEROUS_TEXT).map("".join)


@pytest.mark.parametrize(("written", "plain"), PAIRS)
def test_disguise_is_read(written: str, plain: str) -> None:
    assert plain in normalise(written).text


@pytest.mark.parametrize("line", HARMLESS)
def test_harmless_line_is_left_alone(line: str) -> None:
    assert normalise(line).decoded == ()


def test_there_are_enough_lines() -> None:
    assert len(PAIRS) >= 120
    assert len(HARMLESS) >= 120


@given(ANY_TEXT)
@settings(max_examples=400, deadline=None)
def test_offsets_are_in_range_and_never_go_back(text: str) -> None:
    result = normalise(text)
    assert len(result.offsets) == len(result.ends) == len(result.text)
    assert list(result.offsets) == sorted(result.offsets)
    assert all(0 <= a < b <= len(text) for a, b in zip(result.offsets, result.ends, strict=True))


@given(ANY_TEXT)
@settings(max_examples=400, deadline=None)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text).text
    assert normalise(once).text == once


@given(ANY_TEXT)
@settings(max_examples=200, deadline=None)
def test_text_never_grows_beyond_what_unicode_expands(text: str) -> None:
    assert len(normalise(text).text) <= 18 * len(text)


@given(ANY_TEXT)
@settings(max_examples=200, deadline=None)
def test_decoded_spans_quote_the_original_and_do_not_overlap(text: str) -> None:
    decoded = normalise(text).decoded
    assert all(one.written == text[one.start : one.end] for one in decoded)
    assert all(a.end <= b.start for a, b in itertools.pairwise(decoded))


@given(
    st.sampled_from(HARMLESS), st.sampled_from(["，", "。", "\n", "？"]), st.sampled_from(HARMLESS)
)
@settings(max_examples=200, deadline=None)
def test_harmless_lines_stay_harmless_side_by_side(one: str, mark: str, other: str) -> None:
    assert normalise(one + mark + other).decoded == ()


def test_a_disguise_is_recorded_with_its_place() -> None:
    assert normalise("我查过紫砂。").decoded == (Decoded(3, 5, "紫砂", "自杀"),)


def test_pinyin_points_back_to_all_its_letters() -> None:
    result = normalise("我要zisha了")
    at = result.text.index("自杀")
    assert result.span(at, at + 2) == (2, 7)


def test_invisible_marks_stay_inside_the_span() -> None:
    result = normalise("别自\u200b杀啊")
    at = result.text.index("自杀")
    assert result.span(at, at + 2) == (1, 4)


def test_laughs_keep_three_and_particles_one() -> None:
    assert normalise("哈哈哈哈哈哈").text == "哈哈哈"
    assert normalise("不想活了了了了").text == "不想活了"


def test_lookalike_letters_become_latin_but_russian_stays() -> None:
    assert normalise("рlаstіс").text == "plastic"
    assert normalise("привет мир").text == "привет мир"


def test_radicals_and_circles_become_plain() -> None:
    assert normalise("⺝ ⼈ ① ⑴ ⓐ 🅰 ㊙").text == "月 人 1 1 a a 秘"


@pytest.mark.parametrize(
    "text", ["", "\ud800", "a\udfffb自\ud800杀", "\x00\x01", "🏳️‍🌈", "\ufdfa" * 50]
)
def test_odd_text_does_no_harm(text: str) -> None:
    assert isinstance(normalise(text).text, str)


def test_empty_span_is_nowhere() -> None:
    assert normalise("").span(0, 3) == (0, 0)
    assert normalise("好").span(1, 1) == (0, 0)


def test_ten_thousand_characters_take_no_time() -> None:
    text = ("今天去医院复查，医生说恢复得不错，就是眼睛还有点肿，想4点去，跳绳" * 400)[:10_000]
    normalise(text)
    took = min(_seconds(text) for _ in range(3))
    assert took < 0.15


def _seconds(text: str) -> float:
    began = time.process_time()
    normalise(text)
    return time.process_time() - began


def test_broken_lexicon_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "disguises.yaml"
    broken.write_text(
        "version: 1\nwords: [{plain: 自杀, not_after: '('}]\nstand_ins: {}\nparts: {}\n", "utf-8"
    )
    with pytest.raises(ConfigError, match=r"disguises\.yaml"):
        load(broken)
