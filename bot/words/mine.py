"""What a member reads when she asks what is held of her, or wants to be forgotten."""

from __future__ import annotations

from collections.abc import Mapping

from bot.words import kept
from moderation.cases import CaseState, Move
from moderation.followup import ContactState
from moderation.storage.appeals import Verdict
from moderation.storage.retention import rule_of
from moderation.storage.scripts import Script
from moderation.vocabulary import CaseKind

IN_GROUP = "这是你自己的事，群里不看。点下面，我们私下说。"
TOO_OFTEN = "刚给过你一份，往上翻就有。一小时后还可以再要。"

# --- /mydata ---------------------------------------------------------------------------------------

MYDATA = "跟你有关的，我这里现在有这些：\n{lines}\n\n原文在一起发给你的那个文件里，只有你有。看完想擦掉，按下面。"
MYDATA_LINE = "· {what}：{count}"
MYDATA_NOTHING = "· 一条都没有"
BUTTON_FORGET = "我想全部擦掉"
FILE_NAME = "跟我有关的-{day}.txt"
TITLE = "跟我有关的记录"
LEAD = "导出于 {day}。这是群护这里现在认得出是你的，都写在下面，最后一段说哪些不在。文件不加密，存好就可以把聊天里那条删掉。"
NONE = "（没有）"
MATTERS = "一、要人处理的事"
MATTER = "{number}. {at}　{place}　{kind}　现在：{state}"
PRIVATE_CHAT = "私聊"
ON_HER = "{number}. {day}　有人替你担心，请值班的人留意你。现在：{state}　谁说的、怎么说的，是那个人的话，不写在这里。"
SPOKE = "{number}. 你说过的话，在不是你自己的一件事里：{kind}"
ASKED = "{number}. {day}　你在{place}请管理员看过一条别人的话。那条是别人写的，不写在这里。"
SAID = "　　{at} {place} 你写的：{text}"
NO_TEXT = "（没有文字）"
FIRED = "　　让我留意的字：{phrases}"
DID = "　　{at} 值班的人：{what}"
HOW = "　　怎么联系上的：{how}"
APPEAL = "　　你的申诉（{state}）：{text}"
CONTACT = "　　{day} 问候：{state}{answer}"
KIND: Mapping[CaseKind, str] = {
    CaseKind.CRISIS: "怕你或你说的那个人有危险",
    CaseKind.ALLEGATION: "点了名、没有出处的话",
    CaseKind.DOXXING: "写到了别人的私人信息",
    CaseKind.SPIRAL: "情绪一个接一个往下沉",
    CaseKind.REPORT: "有成员请管理员看这条",
}
STATE: Mapping[CaseState, str] = {
    CaseState.OPEN: "还没有人接",
    CaseState.CLAIMED: "有人接了",
    CaseState.CONTACTED: "已经联系上你",
    CaseState.SAFE: "处理好了",
    CaseState.PASSED_ON: "转给急救、家人或医院了",
    CaseState.FALSE_ALARM: "看过，是误会",
    CaseState.EXPIRED: "没有人动，收起来了",
}
ACT: Mapping[str, str] = {
    Move.CLAIM: "接下了",
    Move.CONTACT: "记下已联系上",
    Move.SETTLE: "记下处理好了",
    Move.DISMISS: "记下是误会",
    Move.HAND_OVER: "换人接",
    Move.TAKE_OVER: "替同事接下了",
    Move.PASS_ON: "记下已转交",
    Move.REOPEN: "重新打开",
    Move.UNDO: "撤回了上一步",
    "comfort": "私信问你怎么样",
    "pages": "给你发了资料",
    "remind": "请你换个说法",
    "counselor": "请了值班咨询师",
    "calm": "在群里说了几句缓一缓的话",
    "thank": "谢过接住大家的人",
    "offer": "私下给过资料",
    "delete": "收起了那条消息",
    "mute": "请你在群里歇一小时",
}
ACT_ELSE = "看过这件事"
APPEAL_STATE: Mapping[Verdict, str] = {
    Verdict.OPEN: "还在看",
    Verdict.UPHELD: "维持原来的",
    Verdict.LIFTED: "改过来了",
}
CONTACT_STATE: Mapping[ContactState, str] = {
    ContactState.PLANNED: "安排了",
    ContactState.ASKED: "问过你",
    ContactState.ANSWERED: "你回了",
}
CONTACT_ELSE = "过去了"
WRITTEN = "二、你自己写的"
PLAN_PLACE = "安全计划：在我们聊天的第 {place} 条，内容没有存。"
PLAN_KEPT = "安全计划（你让我存的）："
FORM = "填到一半的表："
OWED = "模型停着时你说的，等它回来再看一遍：{text}"
CHOSEN = "三、你选过的"
LEARNING: Mapping[bool, str] = {
    True: "/teach：可以拿你的话改进它",
    False: "/teach：不可以（没点过也算不可以）",
}
SCRIPT: Mapping[Script | None, str] = {
    Script.SIMPLIFIED: "字：简体",
    Script.TRADITIONAL: "字：繁体",
    None: "字：没选过",
}
WRITABLE: Mapping[bool | None, str] = {
    True: "私聊：可以给你发",
    False: "私聊：发不进去",
    None: "私聊：没试过",
}
REMINDED: Mapping[bool, str] = {True: "每周提醒：开着", False: "每周提醒：没开"}
CHECKIN = "/checkin：每周一看，发给「{name}」。{share}"
CHECKIN_DAY = (
    "　　{day} 说了 {messages} 句，难受加起来 {affect:g} 分（一句 0 到 3 分），半夜 {nights} 句"
)
SEEN = "第一次在{place}见到你：{day}"
NUMBERS = "四、每样几条，留多久"
NUMBER = "· {what}：{count} 条。{why}。留多久：{how_long}"
LOGGED = "五、操作记录里你自己做过的（只有编号和时间，删不掉，没有你的话）"
LOG = "　　{at} {what}"
STAFF = "六、你值班用的"
STAFF_LINE = "身份：{roles}　名字：{name}　安静时段：{quiet}"
NO_QUIET = "没设"
ROLES: Mapping[str, str] = {
    "owner": "负责人",
    "moderator": "管理员",
    "counselor": "咨询师",
}
ELSEWHERE = (
    "不在这里的：/ask 里没有一页答得上的问题，没记是谁问的，所以找不出哪句是你的；群里最近几十句话在内存里，最多一小时；我们的聊天和群里的消息在 Telegram 那边，"
    "要你自己删；备份里你的话用你自己的钥匙锁着，发 /forgetme，我够得着的钥匙都毁掉，那些话就打不开了。"
)

# --- /forgetme -------------------------------------------------------------------------------------

FORGET = (
    "按下面第一个，我就把跟你有关的都擦掉：被提醒过的话、处理记录、申诉、安全计划、证据和经过、填到一半的表、你选过的。"
    "一分钟内做完，找不回来。发给值班的人看的那几张，上面的字我会去改掉；照片和视频，两天以内发的我去删，"
    "更早的 Telegram 不让我删，还留在他们的聊天里。\n"
    "擦不到的：你和我的聊天、群里你发的话，要你自己删；/ask 里没有一页答得上的问题，没记是谁问的，"
    f"我也找不出哪句是你的，{kept.how_long(rule_of('unanswered'))}到了自己删；"
    "谁哪天做了什么的操作记录只剩编号，没有你的话。"
)
FORGET_HELD = (
    "\n有一件事现在还有人在为你忙，这件要留到他们放下，最长 {days} 天，放下就擦。人比记录要紧。"
)
FORGET_STAFF = (
    "\n你还在值班名单里，值班用的名字和排班要留着；请负责人用 /revoke 取消以后，再发一次。"
)
BUTTON_YES = "全部擦掉"
BUTTON_COPY = "先给我一份"
BUTTON_NO = "先不擦"
ERASED = "擦掉了。以后你在群里说话，有危险我还是会看见，别的我从头认识你。"
ERASED_HELD = (
    "别的都擦掉了。有一件还有人在为你忙，等他们放下就擦，最长 {days} 天。要真人，随时按下面。"
)
ERASED_LATER = "刚才留着的那件也擦掉了。现在我这里没有你了。"
ERASED_NOTICE = "擦好了"
KEPT = "好，都还在。"
CARD_ERASED = "这件事应本人要求擦掉了。"
"""What stands where a card stood."""
