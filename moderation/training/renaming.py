"""Gives the doctors and institutions of a training message other names, so that none is learnt by heart.

What matters is how a name stands in a sentence and how it is formed, not which one a writer chose.
Titles, kind words, masks and the shape of the name stay; all mentions of one name change alike, in the
message and in its context.
"""

from __future__ import annotations

import random
import re
from dataclasses import replace

from moderation.training.dataset import Example, Mention
from moderation.vocabulary import NameKind

SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭"
    "陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖牛樊葛邢安齐庄"
    "伍倪卓温翟耿焦柴詹祝霍阎冉柯阮俞蓝庞翁苗岳聂殷柳章辛申欧祁凌骆麦裴凤车季甘路童褚游娄简饶晏佟戚艾宗荆池桂郎敖卞"
    "权巩逄屈亓綦栾逯仇邝冼佘闵鲍单项涂匡应习师边尚谷牟厉原冀芦鹿商米花水闻甄封储靳隋幸司韶宿盖苑迟卜支胥屠蒙利丛劳"
)
DOUBLE = (
    "欧阳",
    "司马",
    "诸葛",
    "上官",
    "东方",
    "夏侯",
    "皇甫",
    "尉迟",
    "慕容",
    "司徒",
    "令狐",
    "端木",
)
_GIVEN = (
    "伟芳娜敏静强磊洋艳勇军杰娟涛明超秀霞平刚桂英华玉兰建国志文斌波辉鹏宇浩然子涵梓轩欣怡思雨晓东海峰雪梅春红云飞龙凤"
    "宁婷丽君健亮俊豪博林森泽瑞祥福康安庆荣昌盛美琴珍贞莉岚茜薇蓉菲莹琳璐瑶曼妍媛倩婉茹雯蕾彤彦昊睿哲翰霖恒毅诚信义礼"
    "智仁德厚光亚克立成达少卿砚青山川江河清源景行止若水如松维之一凡正午北南远航启明嘉言其琛玮珂琪钰"
)
_BRAND = (
    "美丽颜雅瑷芙诗曼澜玥莱蔻莎娅妮娇媚婷姿韵悦馨蕾莲荷桃杏梨棠薇蔓茉莉兰芷若汐沐沁涵泉溪湖海洋川屿岛云雾雨露霜雪月星辰"
    "晨曦晓朝夕暮光影镜瞳眸眉唇玉珠琉璃珊瑚金银铂瓷素纯初新花果叶木林森禾谷田园山石峰原野城都京港湾堂阁轩馆坊里间舍元一"
    "百千万优佳尚品格调艺匠心怡乐康宁安泰和润泽华盛世纪东西南北天宇宙弘博仁爱恩慈济圣德懿嘉瑞祺福禧凯悠然漫画维伊欧曜珂朗"
)
_ORDINARY = (
    "人生白黑红蓝青紫小大老高长方正中上下左右前后春夏秋冬风火土水电车书茶酒米面油盐糖果鱼鸟虫马牛羊龙虎象飞走跑笑看听说想"
    "知道理数字文语歌舞画线点角圆平直深浅清明亮暖凉快慢早晚今昨日时分秒年号台站路桥门窗床灯笔纸布针刀尺"
)
_TITLES = (
    "主任医师", "副主任", "副院长", "医生", "醫生", "大夫", "主任", "院长", "院長", "教授", "博士", "主刀", "老师", "老師",
    "医师", "醫師", "总监", "所长", "专家", "院",
)  # fmt: skip
_KIND_WORDS = re.compile(
    "医疗|醫療|整形|整型|美容|医美|醫美|医院|醫院|诊所|診所|门诊|門診|口腔|牙科|齿科|毛发|植发|国际|皮肤|光电|医学|醫學"
    "|妇产|工作室|会所|中心|工坊|集团|连锁|美学|外科|纹绣|生美|旗舰|分院|分店|总店|店"
)
_HANZI = re.compile("[一-鿿]")
_FIXED = re.compile("第[一二三四五六七八九十]|大学|大學|人民|中医|附属|市|省|县|区")


def _brand(rng: random.Random, size: int) -> str:
    return "".join(rng.choice(_BRAND if rng.random() < 0.8 else _ORDINARY) for _ in range(size))


def _surname(rng: random.Random) -> str:
    return rng.choice(DOUBLE) if rng.random() < 0.04 else rng.choice(SURNAMES)


def _person(name: str, rng: random.Random) -> str | None:
    """Another person's name of the same form, or None where the form is not understood."""
    before = next((t for t in _TITLES if name.startswith(t) and len(name) > len(t)), "")
    rest = name[len(before) :]
    after = next((t for t in _TITLES if rest.endswith(t) and len(rest) > len(t)), "")
    stem = rest[: len(rest) - len(after)]
    familiar = stem[0] if len(stem) > 1 and stem[0] in "小老大阿" else ""
    stem = stem[len(familiar) :]
    if stem[:2] in DOUBLE:
        given = stem[2:]
    elif len(stem) <= 3 and _HANZI.match(stem) and (after or stem[0] in SURNAMES or len(stem) > 1):
        given = stem[1:]
    else:
        return None
    kept = {"某", "姓", "家", "总", "总监", "氏"}
    changed = "".join(rng.choice(_GIVEN) if _HANZI.match(c) and c not in kept else c for c in given)
    return before + familiar + _surname(rng) + changed + after


def _institution(name: str, rng: random.Random) -> str | None:
    """Another institution's name of the same form; now and then its bare stem."""
    if _FIXED.search(name):
        return None
    kind = _KIND_WORDS.search(name)
    stem, tail = (name[: kind.start()], name[kind.start() :]) if kind else (name, "")
    if not 2 <= len(stem) <= 6 or not all(_HANZI.match(c) for c in stem):
        return None
    if tail and rng.random() < 0.2:
        tail = ""
    size = len(stem) if rng.random() < 0.6 else rng.choice((2, 2, 3))
    return _brand(rng, size) + tail


def renamed(example: Example, rng: random.Random) -> Example:
    """The example with other names; labels and all that is not a name stay."""
    if not example.names:
        return example
    new: dict[str, str] = {}
    for mention in example.names:
        old = example.text[mention.start : mention.end]
        form = _person if mention.kind is NameKind.DOCTOR else _institution
        new.setdefault(old, form(old, rng) or old)
    text, names, at = "", [], 0
    for mention in sorted(example.names, key=lambda m: m.start):
        if mention.start < at:
            return example
        text += example.text[at : mention.start]
        name = new[example.text[mention.start : mention.end]]
        names.append(Mention(len(text), len(text) + len(name), mention.kind))
        text, at = text + name, mention.end
    context = tuple(_alike(line, new) for line in example.context)
    return replace(example, text=text + example.text[at:], names=tuple(names), context=context)


def _alike(line: str, new: dict[str, str]) -> str:
    for old in sorted(new, key=len, reverse=True):
        line = line.replace(old, new[old])
    return line
