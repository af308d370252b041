"""Every sentence the bot itself says to people, in one folder. Read aloud before changing.

What is said after a crisis is in `care`, what staff sets and learns in `control` and `learning`.
What staff read beside the cards is in `duty`, what follows a moderator's act in `member`.
What is kept and said of it is in `kept`, `privacy` and `mine`.
The resource pages (`resources/pages`) hold the longer texts. `{…}` is filled in by the caller, escaped.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.words.privacy import PRIVACY as PRIVACY
from moderation.cases import CaseState, Move
from moderation.vocabulary import CaseKind, Crisis

# --- To a member in danger, in private ------------------------------------------------------------

TO_IMMINENT: Mapping[str, str] = {
    "imminent-1": "受伤、吃了东西，先打 120；怕停不下来打 110。刚才那句我看到了，现在旁边有人吗？去有人的地方。我正在叫值班的人，先告诉你一声。",
    "imminent-2": "已经伤到自己就打 120，一个人守不住就打 110。你说的我看到了，先离开那个不安全的地方，好吗？我在叫值班的人，不瞒你。",
    "imminent-3": "先打 120 或 110，哪个都行，拨通说地址就好。那句话我没有当玩笑，现在有谁能到你身边？值班的人我也在叫。",
    "imminent-4": "身上有伤、哪里不对劲，现在就打 120；怕自己停不下来，打 110。先离开让你不安全的地方和东西，能做到吗？我叫了值班的人，先跟你说一声。",
    "imminent-5": "打 110 或 120，什么都不用讲清楚，说地址就行。你说的我看见了，门能打开吗，能不能叫一个人进来？值班的人我已经在找。",
    "imminent-6": "受了伤、吃了东西打 120，守不住自己打 110。别一个人待着，楼下、走廊、便利店都行，去有人的地方。我在叫值班的人来。",
    "imminent-7": "现在，120 或者 110，拨一个。我没法替你拨，但我已经去叫值班的人了。你身边这会儿有谁？回我一个字也行。",
    "imminent-8": "这句我当真了。伤着了打 120，守不住打 110。把手里的东西先放到另一间屋，能走两步吗？值班的人我正在叫，不背着你。",
}
TO_IDEATION: Mapping[str, str] = {
    "ideation-1": "刚才那句我看到了。你是在想结束自己吗？我已经告诉值班咨询师了，不瞒你；等不及就打 12356（各地时段不同），有危险打 110 或 120。",
    "ideation-2": "你那句话我放在心上了。是累到不想撑，还是在想死这件事？怎么答都行，我跟值班咨询师说了，要等不及，打 12356（各地时段不同），危险打 110 或 120。",
    "ideation-3": "听得出来你撑了很久。现在有没有在想不活了？我叫了值班咨询师来看，不会瞒着你；难熬的时候先打 12356（各地时段不同），危险打 110 或 120。",
    "ideation-4": "你说的那句我没有划过去。不想活的念头，是今天才有，还是有一阵了？值班咨询师知道了；先想说说话打 12356（各地时段不同），有危险打 110 或 120。",
    "ideation-5": "我看到了。能不能直接问你一句：是想死吗？说是也没关系，没有人会骂你。我告诉了值班咨询师，等的时候可以打 12356（各地时段不同），危险打 110 或 120。",
    "ideation-6": "那句话我看见了。这些天是不是都没怎么睡？你有没有在想不活了？值班咨询师我叫了，没瞒你。等不及打 12356（各地时段不同），危险打 110 或 120。",
    "ideation-7": "那句话很重，你一个人拿着太久了。现在有没有想死的念头，强不强？怎么回都行。我找了值班咨询师；急的话打 12356（各地时段不同），有危险打 110 或 120。",
    "ideation-8": "看到你说的了，先不劝你什么。这会儿你是安全的吗？值班咨询师已经知道，会来找你；想现在就有人听，打 12356（各地时段不同），危险打 110 或 120。",
}
TO_BYSTANDER: Mapping[str, str] = {
    "bystander-1": "谢谢你没有走开。有危险现在就打 110 或 120，说清 ta 在哪儿；再打给 ta，接通了就别挂；叫离 ta 最近的人过去。值班的人我正在叫。",
    "bystander-2": "你说出来，就已经在帮 ta 了。知道地址就先打 110 或 120；联系 ta 身边最近的人；把最后一次联系的时间留着，值班的人会问。我正在叫他们。",
    "bystander-3": "你做得对，人命的事宁可多说一句。先 110 或 120，报 ta 最后在的地方；能过去的人结伴过去，不要一个人上。我在叫值班的人。",
    "bystander-4": "先别慌，一件一件来：打 110 或 120，找离 ta 最近的人，接着给 ta 打。打通了就问「你在哪儿，我来」。值班的人我也在叫。",
    "bystander-5": "现在最要紧的是有人到 ta 身边：110、120 都行，地址不全也先打。你守着电话，别一个人扛着，我在叫值班的人来接。",
}
TO_WORRIED: Mapping[str, str] = {
    "worried-1": "谢谢你惦记 ta。可以直接问一句「你是在想死吗」，问不会把人往那边推；陪着听就好，不用劝。我已经告诉值班咨询师了，要是有危险打 110 或 120。",
    "worried-2": "你看见了，这很要紧。先陪 ta 说说话，问问现在安不安全；不用你一个人扛，我已经告诉值班咨询师了。变急了就打 110 或 120。",
    "worried-3": "你能看出来，说明你一直在意 ta。今天找 ta 说两句，问问睡得怎么样、有没有不想活的念头。我告诉了值班咨询师，变急了就打 110 或 120。",
    "worried-4": "不用想着怎么劝，坐在旁边听就有用。要是 ta 说起怎么死、什么时候，马上打 110 或 120。值班咨询师我已经告诉了，不用你一个人看着。",
    "worried-5": "你说出来是对的。跟 ta 说「我听见了，我不走开」就够了。值班咨询师知道了；要是有危险，打 110 或 120，不用先问谁同意。",
}
BUTTON_HUMAN = "现在就要一个真人"
BUTTON_NUMBERS = "看看能打给谁"
BUTTON_ALONE = "点这里，我们单独说"
IN_GROUP_INSTEAD: Mapping[str, str] = {
    "group-1": "{name}，有句话想单独跟你说。",
    "group-2": "{name}，我给你留了一句话，在这里面。",
    "group-3": "{name}，方便的时候点一下，我在里面。",
}
DOOR_URGENT: Mapping[str, str] = {
    "door-1": "{name}，现在点一下这里。",
    "door-2": "{name}，先点开这个看一眼。",
}
DOOR_LATE = "那件事已经有人看过了。现在又难受的话，按下面；受伤打 120，有危险打 110。"
HUMAN_CALLED = "我去叫人了。手机放手边；等的时候撑不住，先打 120 或 110。"
HUMAN_TAKEN = "{who}看到了，已经接下，正在联系你。"

# --- Cards for moderators and counselors ----------------------------------------------------------

HEADLINE: Mapping[tuple[CaseKind, str], str] = {
    (CaseKind.CRISIS, Crisis.IMMINENT): "🔴 马上有危险",
    (CaseKind.CRISIS, Crisis.IDEATION): "🟠 有不想活的念头",
    (CaseKind.ALLEGATION, "unverified"): "🟡 点名指控，没有出处",
    (CaseKind.DOXXING, "true"): "🟣 私人信息或要去围堵",
    (CaseKind.SPIRAL, "onset"): "🔵 情绪在一个接一个往下沉",
    (CaseKind.REPORT, "asked"): "⚪ 成员请你们看一条",
}
ABOUT_OTHER = "（说的是别人，消息来自 {name}）"
ABOUT_MEMBER = "（说的可能是 {who}，消息来自 {name}）"
TOLD_BY = "{name} 说的"
REHEARSAL = "【试运行】只给你们看，没有对成员做任何事。"
MAYBE_TWICE = "（可能重复）"
CALL_AGAIN = "⏰ 第 {count} 次叫：这件事还没有人接。\n"
CALLED_IN_VAIN = "⏰ 第 {count} 次叫在路上的时候，事情已经有人管了。\n"
EARLIER = "之前有过 {count} 次"
SINCE_BEFORE = "ta 进群比我早"
SINCE_TODAY = "今天才进群说话"
SINCE_DAYS = "进群 {count} 天"
RULE = "本群说好的：{rule}"
FIRST_TIME = "之前没有过"
STATE: Mapping[CaseState, str] = {
    CaseState.OPEN: "还没有人接",
    CaseState.CLAIMED: "{who} 接了，还没联系上",
    CaseState.CONTACTED: "联系上了（{who} 在跟）",
    CaseState.SAFE: "已处理好（{who}）",
    CaseState.PASSED_ON: "已转交急救、家人或医院（{who}）",
    CaseState.FALSE_ALARM: "误报（{who}）",
    CaseState.EXPIRED: "太久没有动静，收起来了",
}
FORWARDED = "转发自{name}"
QUOTED = "引用了「{text}」"
UNDER_ANOTHER_NAME = "以匿名或频道身份发的"
ATTACHMENT: Mapping[str, str] = {
    "photo": "带照片",
    "photosize": "带照片",
    "video": "带视频",
    "voice": "带语音",
    "audio": "带音频",
    "document": "带文件",
    "sticker": "贴纸",
    "poll": "投票",
    "dice": "骰子",
    "contact": "名片",
    "location": "位置",
    "venue": "地点",
    "animation": "动图",
    "videonote": "视频留言",
}
ATTACHMENT_ELSE = "带附件"
NO_WORDS = "（没有文字）"
EDITED = "改过"
SAID_BEFORE = "原先写的是「{text}」"
MOVE_BUTTON: Mapping[Move, str] = {
    Move.CLAIM: "我来",
    Move.CONTACT: "已联系上",
    Move.SETTLE: "处理好了",
    Move.DISMISS: "误报",
    Move.HAND_OVER: "换人接",
    Move.TAKE_OVER: "我来替",
    Move.PASS_ON: "已转交",
    Move.REOPEN: "重新打开",
    Move.UNDO: "撤销",
}
BUTTON_SEE = "看原消息"
MOVE_DONE: Mapping[Move, str] = {
    Move.CLAIM: "这件事是你的了。",
    Move.CONTACT: "记下了：已联系上。",
    Move.SETTLE: "记下了：处理好了。",
    Move.DISMISS: "记成误报了。",
    Move.HAND_OVER: "放回去了，等别人接。",
    Move.TAKE_OVER: "谢谢，现在是你的了。",
    Move.PASS_ON: "记下了：已转交。",
    Move.REOPEN: "重新打开了。",
    Move.UNDO: "撤回了上一步。",
}
MOVED_ALREADY = "已经有人动过了：{state}。"
NOT_FOR_YOU = "这个按钮要值班的人才能按。"
OLD_BUTTON = "这个按钮过期了，看下面最新的那条。"
DELETE_FAILED = "有一条消息没删成（{link}），可能太久（超过 48 小时），或者我没有删消息的权限。"
NO_DELETE_RIGHT = "我在那个群没有删消息的权限，要群主给一下。"

THIS_COUNSELOR = "值班咨询师"
SOMEBODY = "有位成员"
SEE_BELOW = "↓ 这件事下面有更新的一张"
SAID_IN_PRIVATE = "私聊里回的"
HEADLINE_ASKED = "🔴 本人要真人"
CALL_ADMINS = "请管理员私聊我发一次 /start，有一件急事要跟你说。"
IN_GROUP = "群里"
UNREADABLE = "有一条消息我没读成，请去看一眼：{link}"
COUNSELOR_SILENT = (
    "有一位{who}还没跟我说过话，我发不进去。请 ta 给我发一次 /start。上面那件事先交给你们。"
)

# --- Joining, rights, settings --------------------------------------------------------------------

NOTICE = (
    "大家好，我是群护。我会看群里的文字，找三件事：有人撑不住、点名指控没有凭据、情绪一个接一个往下沉；看完不存，只有要人处理的那句加密留着。\n"
    "看得到的只有值班的管理员和咨询师；我不删谁、不踢谁，事情由人决定。头一天是试运行，只有救命的事是真的。\n"
    "想知道我记了什么：/privacy 　想要帮助：/help"
)
RIGHTS_MISSING = (
    "我在「{chat}」里还不是管理员，只看得见发给我的命令，别的话都看不见。\n"
    "请在群设置里把我设成管理员，权限只要「删除消息」这一项；不想让我删也行，全关着也可以。"
)
RIGHT_DELETE_MISSING = "我在「{chat}」里没有「删除消息」的权限，「删除原消息」那个按钮会不管用。需要的话请群主打开，不需要就不用管。"
MUTED = "我在「{chat}」里被禁言了。急事我还会在管理群和私聊里叫人，只是群里说不了话。请把我的发言权限打开。"
SETUP_GAPS = "我起来了，但还缺几样：\n{gaps}\n补上之前，别的照常工作。"
GAP_COUNSELORS = "· 没有值班咨询师：急事只能叫管理群。请设 QUNHU_COUNSELORS。"
GAP_OWNERS = "· 没有负责人（QUNHU_OWNERS）：像这样的话只能发在管理群。"
GAP_MODEL = "· 模型没起来，现在只靠安全词，漏的会变多。请让运维看 qunhu doctor。"
GAP_CHAT = "· 管理群我进不去或说不了话。请把我拉进去，再看看 QUNHU_MODERATOR_CHAT。"

# --- Commands -------------------------------------------------------------------------------------

START = "我是群护，一个程序：看得懂危险，不会聊天。要真人按第一个；很急先打 120 或 110。"
HELP = (
    "我能帮的：\n/sos 现在就难受、不安全\n/rights 维权怎么走\n/psych 心里难受怎么办\n/ask 用自己的话问\n/evidence 一样样理证据　/timeline 记下经过\n"
    "/statement 把经历写成站得住的一段话\n/safetyplan 写一张难熬时看的单子\n"
    "/checkin 每周陪你看一眼自己\n"
    "/report 回复一条消息发它，请管理员看\n/privacy 我记了什么，谁看得到"
)
HELP_IN_GROUP = "要帮忙点下面，我们私下说。急的话先打 120 或 110。"
RIGHTS = "维权这件事，先看你现在到哪一步。"
PSYCH = "先不急着好起来，看看眼下哪个最像你。"
SECTION_IN_GROUP = "点下面到私聊里慢慢看，群里不用谁知道你在看什么。"
SOS = "先保住自己：受伤打 120，有危险打 110。能撑一会儿的话打 12356（心理援助热线，各地时间不一样），或者按下面叫一个真人。"
SOS_IN_GROUP = "先保住自己：受伤打 120，有危险打 110。要真人陪，点下面。"
REPORTED = "有成员请你们看这条"
REPORTED_BY = "「{name}」请你们看这条"
REPORT_HOW = "回复那条消息，再发 /report，管理员就看得到。"
REPORT_DONE = "收到，已经请管理员看了。谢谢你说一声。"
REPORT_TWICE = "这条已经有人在看了，谢谢你。"
PRIVATE_HINT = "我是程序，看得懂危险，不会聊天。要真人按第一个；想查东西发 /help。"
PAGE_GONE = "这一页现在没有了，发 /help 看看别的。"
BUTTON_PRIVATE = "私下看"
BUTTON_BACK = "返回"
BUTTON_SECTION: Mapping[str, str] = {
    "rights": "维权怎么走",
    "check": "查机构和医生",
    "health": "身体不对劲",
    "mind": "心里难受",
    "crisis": "现在就撑不住",
    "group": "这个群和我",
}

COMMANDS: Mapping[str, str] = {
    "help": "我能帮什么",
    "ask": "用自己的话问，找到对的那页",
    "search": "搜资料",
    "evidence": "一样样理证据，只有你看得到",
    "timeline": "按日子记下经过",
    "sos": "现在就难受、不安全",
    "rights": "维权怎么走",
    "psych": "心里难受怎么办",
    "safetyplan": "写一张难熬时看的单子",
    "checkin": "每周看一眼自己，先只给你看",
    "report": "回复一条消息，请管理员看",
    "teach": "可不可以拿我的话改进它",
    "statement": "把经历写成站得住的一段话",
    "privacy": "我记了什么，谁看得到",
    "mydata": "把跟我有关的都给我看",
    "forgetme": "把跟我有关的都擦掉",
}
STAFF_COMMANDS: Mapping[str, str] = {
    "oncall": "看班、排班、请假、请人替班",
}
"""Shown only where staff are."""
