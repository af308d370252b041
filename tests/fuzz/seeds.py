"""What a hunt begins with: one sound example and a few odd ones for each parser."""

from __future__ import annotations

import json

from bot.advice.pageform import empty_form
from tests.trials.updates import NASTY, Storm

FILLED = """编号：own-page
标题：怎么要回病历
一句话：病历可以全部复印
放在哪：维权
别名：病历、复印
会怎么问：不给我病历怎么办
第一步：写一张申请
正文：按《民法典》第 1225 条，可以查，可以复印。
依据：《民法典》（2020 第 45 号）第 1225、1226 条
复核：2027-05-01"""
PAGE = """---
id: p
title: 复印病历
summary: 病历可以全部复印
section: rights
aliases: [调病历]
questions: [医院不给我病历怎么办]
jurisdiction: CN
sources: [{law: 民法典, article: [1225], date: 2021-01-01, fact: A1.1, seen: original}]
checked_on: 2026-01-01
recheck_after: 2027-01-01
audience: member
crisis_safe: false
---
你现在能做的第一步
按《民法典》第 1225 条写一张申请。打 12356。

依据
《民法典》第 1225 条"""
TELEGRAM = {
    "name": "群",
    "messages": [
        {"id": 1, "type": "message", "date": "2024-03-05T21:14:02", "from": "小鱼", "text": "睡不着"},
        {"id": 2, "type": "service", "date_unixtime": "1709644442", "actor": "老K", "text": ["我", {"text": "也"}]},
    ],
}  # fmt: skip
CONVERSATION = {"id": "1", "messages": [{"t": 0, "user": "a", "text": "在吗", "reply_to": 0}]}

SEEDS: dict[str, tuple[str, ...]] = {
    "update": tuple(json.dumps(made) for s in [Storm(1)] for made in (s.next() for _ in range(150)) if len(str(made)) < 3000),
    "export": (
        "2024-03-05 21:14:02 小鱼\n睡不着\n\n2024年3月5日 下午9:15 老K\n我也是\n",
        "小鱼 2024/3/5 21:14\n睡不着\n老K 2024-03-05 21:15:40\n我也是",
        json.dumps(TELEGRAM),
        json.dumps({"chats": {"list": [TELEGRAM]}}),
        json.dumps(CONVERSATION),
    ),
    "settings": (
        "bot_token=123456789:AAEhBOweik6ad9r_QXMENQ\nmoderator_chat=-1001\ncounselors=1, 2",
        "bot_token=x\nmoderator_chat=y\nkey=short-but-secret\nphone_url=ftp://u:pw@x\nphone_secret=0123456789",
        "database_url=postgresql://u:password@h/d\nwebhook_url=https://x\ntimezone=../x\nack_imminent_minutes=-1",
    ),
    "page": (PAGE, PAGE.replace("rights", "nowhere"), "---\na: [\n---\nx"),
    "form": (FILLED, empty_form(), FILLED.replace("1225、1226", "9-99999")),
    "callback": ("m:12:claim", "x:1:comfort", "g:-1001:sens:1", "z", "c:999999999999:1"),
    "rota": ("周一到周五", "周六周日,节假日", "20:00-08:00", "8：30到24:00", "12-01", "2026-12-01", "每天"),
    "papers": ("2024年3月5日 做了手术\n2024-04 复查\n记不清 打电话", "2026-13-45", "2024.3.5"),
    "search": ("病历怎么复印", '"AND OR NEAR(* ^', "12356", "a AND b"),
    "normal": ("我查过紫砂。想4了", "自\u200b杀 zì shā", "我今年16岁，不想活了", "аеoрс自sha"),
    "shown": ("@evil /evil <b>x</b> tg://user?id=1", "&lt;a&gt; https://x.y/z", "\u202e管理员\u2066"),
    "lines": ('{"id": 1, "text": "今晚就走", "context": ["在吗"]}\n{"id": NaN}\n[]', '{"id": 1}'),
}  # fmt: skip
BITS = (
    *NASTY,
    "第",
    "条",
    "《",
    "》",
    "（",
    "）",
    "-",
    "至",
    "：",
    "=",
    "\n",
    "---",
    "周",
    "一",
    "到",
    ":",
    "9",
    "月",
    "日",
    " ",
)
"""Pieces from which the tests put odd text together."""
