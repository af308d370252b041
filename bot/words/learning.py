"""What is said about how it goes: figures, the weekly digest, consent to learn. Read aloud before changing."""

from __future__ import annotations

from collections.abc import Mapping

from moderation.vocabulary import CaseKind

AUDIT_ENTRY = "（第 {entry} 条起）"
AUDIT_BROKEN = (
    "操作记录的链断了{where}：有人动过数据库，或者盘坏了。提醒照常发，但旧记录先别全信。"
    "请运维跑一次 qunhu audit verify，再拿备份对一对。"
)

KIND: Mapping[CaseKind, str] = {
    CaseKind.CRISIS: "危险",
    CaseKind.ALLEGATION: "点名指控",
    CaseKind.DOXXING: "私人信息",
    CaseKind.SPIRAL: "情绪滚雪球",
    CaseKind.REPORT: "成员报的",
}
LEVEL: Mapping[str, str] = {"imminent": "马上有危险", "ideation": "不想活的念头"}
STATS_HEAD = "<b>最近 {days} 天</b>（{since} 起）"
STATS_NONE = "这段时间没有提醒。"
STATS_KIND = "· {kind}：提醒 {alerts} 次{judged}"
STATS_JUDGED = "，看过 {judged} 次，{real} 次是真的（{percent}）"
STATS_UNJUDGED = "，还没人判"
STATS_TIME = "· {level}：{count} 次，通常等 {median}，久的等 {p95}；5 分钟内有人接的 {share}"
STATS_WAITING = "· {level}：还有 {count} 件没有人接"
STATS_MISSED = "· 我没看出来、成员 /report 才知道的：{count} 件"
STATS_TIME_HEAD = "多久有人接："
STATS_KIND_HEAD = "按你们的判断："
DIGEST_HEAD = "上一周怎么样"
CLIMATE_HEAD = "群里这两周的心情"
CLIMATE_GROUP = "· {title}：这周 {messages} 句，难受的 {strong}{before}，跟着往下沉的 {echoes}，接住人的 {steadying}"
CLIMATE_BEFORE = "（上周 {strong}）"
CLIMATE_SPIRALS = "，滚雪球 {count} 次"
CLIMATE_FOOT = "只数句子，不看是谁。说话少的日子不画。"
CLIMATE_LEGEND: Mapping[str, str] = {
    "heavy": "难受的话",
    "echo": "跟着往下沉的",
    "steady": "接住人的话",
    "spiral": "滚雪球",
}
SUGGEST_KIND = "「{kind}」判过 {judged} 次，只有 {real} 次是真的。嫌吵可以在 /settings 里关掉声音，或者整个关掉。我不会自己改。"
SUGGEST_MISSED = "有 {missed} 件是成员报了才知道。想少漏，可以在 /settings 把灵敏度调高一档，误报会多一些。我不会自己改。"
MODERATORS_ONLY = "这个命令在管理群里用。"
MINUTES = "{n} 分钟"
SECONDS = "{n} 秒"
HOURS = "{n} 小时"

TEACH = (
    "我有时看走眼。你要是愿意，管理员判过的那句你说的话，可以去掉名字、电话这些，拿去教我看得准一点。\n"
    "不愿意完全没关系，什么都不会变。随时发 /teach 改主意，已经导出去的我收不回来。"
)
TEACH_IN_GROUP = "这件事我们私下说，点下面。"
TEACH_NOW: Mapping[bool, str] = {True: "现在是：可以用。", False: "现在是：不用。"}
BUTTON_TEACH: Mapping[bool, str] = {True: "可以用", False: "不要用"}
TEACH_DONE: Mapping[bool, str] = {True: "谢谢你。记下了：可以用。", False: "记下了：不用你的话。"}
