"""The one line of a card that says what to do now. Read aloud before changing.

Rests on facts.md D4 (ask, stay, keep safe, connect, follow up) and A10.8 (what may be said); never how to die.
"""

from __future__ import annotations

from collections.abc import Mapping

from moderation.vocabulary import CaseKind, Crisis, Subject

HEAD = "现在做："
TAKE = "先按「我来」，"
CRISIS: Mapping[tuple[str, Subject], str] = {
    (
        Crisis.IMMINENT,
        Subject.SELF,
    ): "马上联系 ta，问在哪、身边有没有人，别断。联系不上就打 110 或 120，报最后知道的地址。",
    (
        Crisis.IDEATION,
        Subject.SELF,
    ): "私下直接问一句「你是在想结束自己吗」，听 ta 说，不劝。说到打算或准备，打 110 或 120。",
    (
        Crisis.IMMINENT,
        Subject.OTHER,
    ): "问报信的人 ta 在哪，请离得最近的人过去，现在就打 110 或 120。",
    (
        Crisis.IDEATION,
        Subject.OTHER,
    ): "问报信的人 ta 现在安不安全、谁陪着。变急就打 110 或 120。",
}
ASKED = "ta 等着人说话，先回一句「我在」，再问 ta 现在安不安全。联系不上就打 110。"
ELSE: Mapping[CaseKind, str] = {
    CaseKind.ALLEGATION: "先别急着删。按「提醒陈述方式」，我私下教 ta 换成自己看到的。",
    CaseKind.DOXXING: "先收起那条，再按「提醒陈述方式」告诉 ta 为什么。",
    CaseKind.REPORT: "看一眼原消息和前后几句。没事就按「处理好了」。",
}
