"""What is kept in each table and why, for the READMEs and /privacy; how long stands in the rules.

A table of `moderation.storage.retention` without an entry here fails a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from moderation.storage.retention import Ends, Mine, Rule, rule_of


class Said(NamedTuple):
    """What is kept and why, in Chinese and in English."""

    what: str
    why: str
    english: str
    english_why: str


TABLES: Mapping[str, Said] = {
    "inbox": Said(
        "刚收到、还没处理的消息（加密）",
        "断电也不丢一条求救",
        "updates not worked on yet (sealed), then their number",
        "a cry for help survives a crash; none is handled twice",
    ),
    "second_looks": Said(
        "模型停着时只用安全词看过的消息（加密）",
        "模型回来补看一遍，不漏求救",
        "messages that only safe words judged while the model was away (sealed)",
        "the model reads them when it is back, so that no cry for help is missed",
    ),
    "outbox": Said(
        "要发出的话（加密），发完只剩编号",
        "发不出去会再发，不重复",
        "messages to send (sealed), then only chat, number and outcome",
        "each is delivered once; a card can be corrected",
    ),
    "cases": Said(
        "要人处理的事：谁（加密）、多急、到哪一步、谁接的",
        "有人接着，不掉地上",
        "matters a human must look at: who (sealed), how urgent, who has it",
        "somebody stays responsible for it",
    ),
    "signals": Said(
        "被提醒的那一句、凭哪几个字、带的照片在 Telegram 的编号（加密）",
        "让值班的人看懂发生了什么",
        "the flagged words, what fired, and Telegram's name of a picture (sealed)",
        "staff can judge for themselves",
    ),
    "reminders": Said("下一次叫人的时间", "没人接就接着叫", "when humans are called again", "no call is lost"),
    "acts": Said(
        "值班的人做过什么（名字加密）",
        "做过的能查、能撤",
        "what staff did (their names sealed)",
        "it can be checked and undone",
    ),
    "appeals": Said(
        "申诉和答复（加密）",
        "让另一位管理员再看一遍",
        "appeals and their answers (sealed)",
        "another moderator looks again",
    ),
    "follow_plans": Said("要不要之后问候", "照你答应的来", "whether to ask after her later", "only as she agreed"),
    "follow_contacts": Said(
        "哪天问候、回了没有（加密）",
        "答应的问候不漏",
        "days of follow-up, whether she answered (sealed)",
        "none that was promised is missed",
    ),
    "people": Said(
        "能不能给你发私信、哪几句话说过",
        "同一句话不对你说第二遍",
        "whether she can be written to, ids of sentences told",
        "nobody is told the same sentence twice",
    ),
    "forms": Said(
        "填到一半的表（加密）",
        "停一下还能接着写",
        "forms half filled in (sealed)",
        "she can go on later",
    ),
    "safety_plans": Said(
        "安全计划在第几条；你要我存的那份（加密）",
        "你发 /safetyplan 找得到",
        "where her safety plan stands; the plan (sealed) only if she asked",
        "she finds it again",
    ),
    "papers": Said(
        "/evidence 和 /timeline 里你写的（加密）",
        "你自己理材料用",
        "what she writes into /evidence and /timeline (sealed)",
        "for her own case",
    ),
    "nudges": Said(
        "每周提醒发到哪里（加密）",
        "你按了「每周提醒我」",
        "where her weekly reminder goes (sealed)",
        "she asked for it",
    ),
    "erasures": Said(
        "谁要求擦掉、什么时候（加密）",
        "停电也不会忘了擦",
        "who wants to be forgotten, since when (sealed)",
        "a restart forgets no wish",
    ),
    "consents": Said(
        "/teach 里你点的「可以」或「不可以」",
        "没点可以就是不可以",
        "her yes or no to /teach",
        "no is the default",
    ),
    "scripts": Said("你要看简体还是繁体", "照你选的写", "simplified or traditional characters", "as she chose"),
    "checkins": Said(
        "/checkin 里你要的每周一看：发给谁（加密）、给不给咨询师",
        "你自己要的",
        "her wish for a weekly look: whose (sealed), whether a counselor sees it",
        "she asked for it",
    ),
    "checkin_days": Said(
        "为这个每天记的三个数（加密），不留原话；发「停」当场擦掉",
        "和你自己的前几周比",
        "three numbers a day for it (sealed), no words; gone at once when she says so",
        "to compare her with her own former weeks",
    ),
    "rates": Said(
        "一样事情一天里点了几次",
        "防连点，不挡求救",
        "how often something was asked for today",
        "floods are answered, not acted on",
    ),
    "sightings": Said(
        "第一次见到你是哪一天（编号和日期）",
        "值班的人知道你来了多久",
        "the first day somebody was seen in a group (hash and date)",
        "staff know whether somebody is new",
    ),
    "spirals": Said(
        "群里情绪起伏的数字，不含文字（加密）",
        "看出情绪一个传一个",
        "the mood of a group in numbers, no text (sealed)",
        "to see despair spread",
    ),
    "spiral_trails": Said(
        "群里最近几十句是谁说的、难受几分，不含文字（加密）",
        "情绪往下沉的时候，知道该谢谁、该问问谁",
        "who wrote the last messages of a group and how heavy they were, no text (sealed)",
        "when it sinks: whom to thank, whom to ask after",
    ),
    "spiral_stories": Said(
        "一次情绪往下沉：谁起头、谁接上去、谁在接住，不含文字（加密）",
        "管理员卡片上的图和名字",
        "one spiral: who started, who caught it, who steadied, no text (sealed)",
        "the picture and the names on the moderators' card",
    ),
    "climate": Said(
        "每天几句话、几句难受的、几句接住人的，不记谁",
        "给管理员看群里一周的心情",
        "messages a day, how many heavy, echoed, steadying; nobody's",
        "the weekly picture of the climate",
    ),
    "unanswered": Said(
        "没有一页答得上的问题（加密），不记谁问的",
        "让写资料的人补上",
        "questions no page answers (sealed), without the asker",
        "editors fill the gaps",
    ),
    "chats": Said(
        "群的编号、群名（加密）、我在群里的权限",
        "知道自己能做什么",
        "a group's id, title (sealed), the bot's rights",
        "to know what it may do",
    ),
    "group_settings": Said("群的设置", "照管理员定的来", "a group's settings", "as its moderators decided"),
    "roles": Said("谁是负责人、管理员、咨询师", "按钮只认他们", "who is owner, moderator, counselor", "buttons ask for it"),
    "staff": Said(
        "值班的人的名字（加密）和安静时段",
        "知道该叫谁、几点别叫",
        "staff's names (sealed) and quiet hours",
        "to call the right one",
    ),
    "shifts": Said("谁哪天值班", "先叫值班的人", "who is on duty when", "those are called first"),
    "absences": Said("请假和换班", "不叫在休息的人", "leave and swaps", "those away are not called"),
    "holidays": Said("节假日", "排班用", "holidays", "for the rota"),
    "page_approvals": Said(
        "谁为哪一页担保（加密）",
        "看的人知道谁看过",
        "who stands for which page (sealed)",
        "readers see it",
    ),
    "own_pages": Said(
        "群里自己写的资料页；没放上去的草稿",
        "给大家看",
        "the community's own pages; drafts",
        "for everybody to read",
    ),
    "audit": Said(
        "谁在什么时候做了什么：只有编号，没有原话",
        "有没有人改过、看过，查得出来",
        "who did what when: keyed hashes and numbers, no words",
        "nobody can change or look unseen",
    ),
    "meta": Said("程序自己要记的几个数", "重启不乱", "a few facts of the program's own", "it survives a restart"),
}  # fmt: skip
ENDS: Mapping[Ends, tuple[str, str]] = {
    Ends.TIME: ("", ""),
    Ends.DONE: ("内容处理完就删", "content gone once done"),
    Ends.CASE: ("跟着那件事一起删", "goes with its case"),
    Ends.ASKED: ("到你擦掉为止", "until she erases it"),
    Ends.GROUP: ("我离开那个群以后", "after the bot left the group"),
    Ends.ROLE: ("不再值班就删", "until the role is given up"),
    Ends.COMMUNITY: ("撤下来为止", "until taken down"),
    Ends.NEVER: ("一直留", "as long as the bot is used"),
}
AFTER: Mapping[str, tuple[str, str]] = {
    "inbox": ("编号再留 {days}", "number {days} more"),
    "outbox": ("编号再留 {days}；发给值班的人的，编号跟着那件事", "number {days} more; of what staff were sent, as long as the case"),
    "cases": ("了结后 {days}", "{days} after it is closed"),
    "erasures": ("最多 {days}", "{days} at most"),
    "own_pages": ("草稿 {days}", "drafts {days}"),
    "people": ("最后一次用到后 {days}", "{days} after last use"),
    "absences": ("过了以后 {days}", "{days} after the end"),
    "holidays": ("过了以后 {days}", "{days} after the day"),
}  # fmt: skip
FADED = "（{days}没有新动静，原话已经擦掉；这件事还没了结）"
FADES = (
    "；一直没了结的，{days}没有新动静就擦掉原话和照片编号",
    "; of one that nobody closes, the words and pictures go after {days} without news",
)
HEADS = (
    "| 留什么 | 为什么 | 留多久 | 表 |\n|---|---|---|---|\n",
    "| what is kept | why | how long | table |\n|---|---|---|---|\n",
)
CHINESE, ENGLISH = 0, 1


def how_long(rule: Rule, language: int = CHINESE) -> str:
    """How long it is kept, in words."""
    parts = [ENDS[rule.ends][language]]
    if rule.kept is not None:
        days = in_days(rule.kept, language)
        parts.append(AFTER.get(rule.name, ("{days}", "{days}"))[language].format(days=days))
    fades = rule.fades and FADES[language].format(days=in_days(rule.fades, language))
    said = ("，" if language == CHINESE else ", ").join(part for part in parts if part)
    return said + (fades or "")


def in_days(kept: timedelta, language: int = CHINESE) -> str:
    """A time in whole days; a shorter one in hours."""
    days, hours = kept.days, kept.seconds // 3600
    if not days:
        return f"{hours} 小时" if language == CHINESE else f"{hours} hour{'s' * (hours != 1)}"
    return f"{days} 天" if language == CHINESE else f"{days} day{'s' * (days != 1)}"


def faded() -> str:
    """What stands in the place of words that are gone by time."""
    fades = rule_of("signals").fades
    assert fades is not None
    return FADED.format(days=in_days(fades))


def table(rules: tuple[Rule, ...], language: int) -> str:
    """All rules as a table of Markdown."""
    return HEADS[language] + "".join(_row(rule, language) for rule in rules)


def lines(rules: tuple[Rule, ...]) -> list[str]:
    """What is kept of a member, a line each, for /privacy."""
    of_members = [rule for rule in rules if rule.mine not in {Mine.NONE, Mine.USER}]
    return [f"· {TABLES[rule.name].what}：{how_long(rule)}" for rule in of_members]


def _row(rule: Rule, language: int) -> str:
    said = TABLES[rule.name]
    what, why = (said.what, said.why) if language == CHINESE else (said.english, said.english_why)
    return f"| {what} | {why} | {how_long(rule, language)} | `{rule.name}` |\n"
