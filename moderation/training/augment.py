"""Disguises words the way people do, so that neither a disguise nor its absence is a signal."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from pypinyin import Style, lazy_pinyin

Span = tuple[int, int]

_DANGER = """
自杀 自残 自尽 去死 想死 跳楼 割腕 上吊 遗书 安眠药 吞药 吃药 不想活 活不下去
轻生 死了 想不开 结束 解脱 离开 告别 永别 来世 下辈子 天台 楼顶 刀片 流血 绝望
崩溃 活着 死
"""
_BLAME = """
无证 骗子 黑心 害死 假药 回扣 诈骗 造假 毁容 畜生 垃圾 庸医 没证 出人命 医师证
"""
_HARMLESS = """
恢复 双眼皮 医生 医院 消肿 手术 鼻子 退款 律师 今天 吃饭 朋友 孩子 上班 面诊
紫砂壶 自然 笑死 疼死 紫色 楼上 楼下 药膏 睡觉 拆线 病历 玻尿酸 照片 谢谢 大家
生活 死心 跳舞 割双眼皮 自拍
"""
_WORDS = tuple((_DANGER + _BLAME + _HARMLESS).split())
_EMOJI = {
    "刀": "🔪", "药": "💊", "死": "💀", "血": "🩸", "哭": "😭", "心": "💔", "鱼": "🐟", "飞": "🕊️",
    "楼": "🏢", "手": "🤚", "车": "🚗", "水": "💧", "人": "👤", "医": "🏥", "鸡": "🐔", "花": "🌸",
    "钱": "💰", "眼": "👁️", "走": "🚶", "书": "📖", "吃": "🍴", "睡": "💤", "美": "💋", "火": "🔥",
}  # fmt: skip
_SPLIT = {
    "死": "歹匕", "杀": "乂木", "割": "害刂", "跳": "足兆", "好": "女子", "活": "氵舌", "刀": "丿刁",
    "骗": "马扁", "证": "讠正", "胸": "月匈", "脸": "月佥", "明": "日月", "想": "相心", "吃": "口乞",
}  # fmt: skip
_MARKS = " .。·*-_、~/|"
_COMMON = (
    "的一是不了人我在有他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后"
    "小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长"
    "知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业"
    "最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水"
    "万市眼体别处总才场师书比住员九笑性通目华报立马命张活难神数件安表原车白应路期叫死常提感金何更反合放"
    "做系计或司利受光王果亲界及今京务制解各任至清物台象记边共风战干接它许八特觉望直服毛林题建南度统色字"
    "请交爱让认算论百吃义科怎元社术结六功指思非流每青管夫连远资队跟带花快条院变联言权往展该领传近留红治"
    "决周保达办运武半候七必城父强步完革深区即求品士转量空甚众技轻程告江语英基派满式李息写呢识极令黄德收"
    "脸钱党倒未持取设始版双历越史商千片容研像找友孩站广改议形委早房音火际则首单据导影失拿网香似斯专石若"
    "兵弟谁校读志飞观争究包组造落视济喜离虽坏兴切帮考药牛鹅沙紫鲨珊碎衰吞跃楼纱啥傻刹莎胃味威委为微"
)


@dataclass(frozen=True, slots=True)
class Marked:
    """A text and spans in it that must keep pointing at the same words."""

    text: str
    spans: tuple[Span, ...] = ()


@cache
def _sound(char: str) -> str:
    return lazy_pinyin(char, style=Style.NORMAL)[0]


@cache
def _same_sound() -> dict[str, str]:
    groups: dict[str, str] = {}
    for char in dict.fromkeys(_COMMON):
        groups[_sound(char)] = groups.get(_sound(char), "") + char
    return groups


def homophone(word: str, rng: random.Random) -> str:
    """Some characters replaced by common ones of the same sound."""
    chosen = [
        rng.choice(_same_sound().get(_sound(c), c)) if rng.random() < 0.7 else c for c in word
    ]
    return "".join(chosen)


def pinyin(word: str, rng: random.Random) -> str:
    """One or all characters written as pinyin."""
    at = rng.randrange(len(word)) if rng.random() < 0.6 else None
    return "".join(_sound(c) if at in {None, i} else c for i, c in enumerate(word))


def initials(word: str, rng: random.Random) -> str:
    """One or all characters as the first letter of their sound."""
    at = rng.randrange(len(word)) if rng.random() < 0.5 else None
    letters = "".join(_sound(c)[:1] if at in {None, i} else c for i, c in enumerate(word))
    return letters.upper() if rng.random() < 0.2 else letters


def spaced(word: str, rng: random.Random) -> str:
    """Marks between the characters."""
    return rng.choice(_MARKS).join(word)


def pictured(word: str, rng: random.Random) -> str:
    """Characters that have a picture become it."""
    return "".join(_EMOJI.get(c, c) if rng.random() < 0.8 else c for c in word)


def taken_apart(word: str, rng: random.Random) -> str:
    """Characters written as their parts."""
    return "".join(_SPLIT.get(c, c) if rng.random() < 0.8 else c for c in word)


_WAYS: tuple[Callable[[str, random.Random], str], ...] = (
    homophone, homophone, pinyin, initials, spaced, pictured, taken_apart,
)  # fmt: skip


def disguise(marked: Marked, rng: random.Random, most: int = 2) -> Marked:
    """Disguises up to `most` words outside the spans; danger words first, else any two characters."""
    for _ in range(rng.randint(1, most)):
        span = _choose(marked, rng)
        if span is None:
            return marked
        word = marked.text[span[0] : span[1]]
        marked = replace(marked, span, rng.choice(_WAYS)(word, rng))
    return marked


def _choose(marked: Marked, rng: random.Random) -> Span | None:
    found = [
        (at, at + len(word))
        for word in _WORDS
        if (at := marked.text.find(word)) >= 0 and _free(marked, at, at + len(word))
    ]
    if found and rng.random() < 0.8:
        return rng.choice(found)
    hanzi = [
        (i, i + 2)
        for i in range(len(marked.text) - 1)
        if all("一" <= c <= "鿿" for c in marked.text[i : i + 2]) and _free(marked, i, i + 2)
    ]
    return rng.choice(hanzi) if hanzi else None


def _free(marked: Marked, start: int, end: int) -> bool:
    return all(end <= a or b <= start for a, b in marked.spans)


def replace(marked: Marked, span: Span, new: str) -> Marked:
    """Puts `new` in place of a span; the marked spans move along."""
    start, end = span
    shift = len(new) - (end - start)
    spans = tuple((a + shift, b + shift) if a >= end else (a, b) for a, b in marked.spans)
    return Marked(marked.text[:start] + new + marked.text[end:], spans)


def mistype(marked: Marked, rng: random.Random) -> Marked:
    """Small slips of a thumb: a character doubled, dropped or a full stop gone."""
    if len(marked.text) < 6:
        return marked
    at = rng.randrange(len(marked.text))
    if not _free(marked, at, at + 1):
        return marked
    char = marked.text[at]
    new = rng.choice([char * 2, "", char]) if char.isalnum() else rng.choice(["", " ", char])
    return replace(marked, (at, at + 1), new)


def varied(marked: Marked, rng: random.Random, rate: float = 0.3) -> Marked:
    """The text as it is, or disguised at the given rate, or with a slip now and then."""
    if rng.random() < rate:
        marked = disguise(marked, rng)
    if rng.random() < 0.15:
        marked = mistype(marked, rng)
    return marked
