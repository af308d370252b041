"""What the staff read beside the cards: the rota, questions that come back, acts, appeals, the phone."""

from __future__ import annotations

from collections.abc import Mapping

# --- A case that somebody took and has not said how it went ---------------------------------------

ASK_CONTACT = "「{name}」那件事你接了 {minutes} 分钟了。联系上了吗？要是打不通，先打 110，报最后知道的地址，请人上门看看。"
ASK_HOW = "「{name}」那件事，是怎么联系上的？点一个，或者回一句话给我，接手的人会看到。"
HELD_LONG = "⏰ {who} 接了 {minutes} 分钟，还没说联系上。能替的按「我来替」。\n"
BUTTON_HOW: Mapping[str, str] = {
    "phone": "电话里说上话了",
    "chat": "私聊回我了",
    "met": "当面见到了",
    "near": "ta 身边有人陪着",
}
HOW_KEPT = "记下了：{how}。"
HOW_ALREADY = "已经有人写过了：{how}。"
NEWER_CASE = "ta 已经有一件新的在办，就在那张卡片上接着办吧。"
ALREADY_YOURS = "这件事本来就在你手上。"
REST = "今天你接了 {count} 件急事了。先放下手机，喝口水，走两步。要换人的话，发 /oncall 请人替你一班，这不算扔下谁。"

# --- What a card says beside the words ------------------------------------------------------------

TO_HER, TO_TELLER = "给 ta 的私信", "给报信人的话"
WORD_ON_ITS_WAY = "给 ta 的私信：在路上"
WORD_ARRIVED = "给 ta 的私信：送到了（{at}）"
WORD_REFUSED = "给 ta 的私信：发不进去"
WORD_DOOR = "给 ta 的私信：发不进去，群里留了一个不显事的入口，ta 还没点"
WORD_IMPOSSIBLE = "给 ta 的私信：发不了，这是匿名或频道身份"
HISTORY = "{at} {who}：{what}"
UNDONE = "（已撤回）"
NOT_YET = "（{seconds} 秒后）"
FAILED = "（没送到）"
DID: Mapping[str, str] = {
    "claim": "接了",
    "contact": "联系上了",
    "settle": "处理好了",
    "dismiss": "记成误报",
    "hand_over": "放回去换人接",
    "take_over": "替下来接着办",
    "pass_on": "转交给急救、家人或医院",
    "reopen": "重新打开",
    "undo": "撤回了上一步",
    "comfort": "私信安抚",
    "pages": "发了资源",
    "counselor": "转给咨询师",
    "mute": "静音 1 小时",
    "remind": "提醒陈述方式",
    "delete": "删除原消息",
    "calm": "群里发了安抚",
    "thank": "谢了接话的人",
    "offer": "私下给最难受的几位递了一页",
}

# --- Buttons that do something towards the member -------------------------------------------------

BUTTON_ACT: Mapping[str, str] = {
    "comfort": "私信安抚",
    "pages": "发资源",
    "counselor": "转咨询师",
    "mute": "静音 1 小时",
    "remind": "提醒陈述方式",
    "delete": "删除原消息",
    "calm": "发一句安抚",
    "thank": "谢谢接话的人",
}
BUTTON_CONTEXT = "前后几句"
BUTTON_UNDO_ACT = "撤销：{what}"
ACT_DONE: Mapping[str, str] = {
    "comfort": "好，我去跟 ta 说一句。",
    "pages": "好，我把资源私下发给 ta。",
    "counselor": "转给值班的咨询师了。",
    "mute": "好，静音一小时；到点自己解开，也会告诉 ta 可以申诉。",
    "remind": "好，我私下告诉 ta 怎么说更稳。",
    "delete": "好，我去删。删不掉会告诉你。",
    "calm": "好，发到群里。",
    "thank": "好，我私下谢谢 ta 们。",
}
ACT_SOON = "{done}{seconds} 秒内按「撤销」都来得及。"
ACT_TWICE = "{who} 刚刚做过了：{what}。"
ACT_UNREACHABLE = "ta 没有跟我说过话，私信发不进去。我在群里给 ta 留个入口。"
ACT_NOBODY = "这是匿名或频道身份，我没法私下找到 ta。"
NO_COUNSELOR = "现在没有设咨询师，转不出去。请负责人设 QUNHU_COUNSELORS。"
NOT_IN_CRISIS = "ta 正有一件急事在办，先别静音；让人接住 ta 要紧。"
NO_MUTE_RIGHT = "我在那个群没有禁言的权限，要群主给一下「封禁用户」。"
LOOKS_LIKE_STAFF = "（名字像工作人员，其实是成员）"
NOT_FOR_COUNSELORS = "这一步要管理员来按。"
ACT_UNDONE = "撤下来了，没有发出去。"
ACT_RECALLED = "从 ta 那边撤回来了。"
ACT_UNMUTED = "好，解开静音。"
ACT_GONE = "消息已经删了，这一步撤不回来。"
ACT_CLOSED = "这件事已经收起来了。要接着办，先按「重新打开」。"
ACT_NEVER = "那一步本来就没成，不用撤。"
ACT_UNDONE_ALREADY = "这一步已经撤过了。"
ACT_FAILED = "「{what}」没有做成。可能 ta 是管理员，或者我没有这个权限。"

# --- The messages around one ----------------------------------------------------------------------

CONTEXT_HEAD = "前后几句（只在内存里，不存）："
CONTEXT_THIS = "▶ "
CONTEXT_GONE = (
    "前后的话我没有留：只在内存里放一小会儿，重启或时间久了就没了。可以点「看原消息」到群里看。"
)

# --- The rota -------------------------------------------------------------------------------------

DAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日", "节假日")
ONCALL_NOW = "现在值班：{who}"
ONCALL_NOBODY = "现在没有人值班。来了急事，我会叫所有醒着的咨询师。"
ONCALL_ALWAYS = "还没有排班：来了急事，醒着的咨询师我都会叫。"
ONCALL_NEXT = "下一班：{who}，{at} 起"
ONCALL_PLAN = "一周的班："
ONCALL_SHIFT = "· {who}　{days}　{starts}–{ends}"
ONCALL_LEAVE = "· {who} 请假：{first} 到 {last}"
ONCALL_COVER = "· {who} 替 {other}：{first} 到 {last}"
ONCALL_HOLIDAYS = "节假日：{days}"
ONCALL_QUIET = "你的安静时段：{hours}。这段时间先叫别人，没人应才会叫醒你。"
ONCALL_NO_QUIET = "你没有设安静时段。"
ONCALL_VEILED = "原话给你盖着，点一下才露出来。"
ONCALL_OPEN = "原话直接给你看。"
ONCALL_HOW = (
    "要改就发：\n"
    "/oncall 班 周一到周五 20:00-08:00\n"
    "/oncall 清空（去掉自己的班）\n"
    "/oncall 假 12-01 12-03　/oncall 销假\n"
    "/oncall 安静 23:00-07:00　/oncall 不安静\n"
    "负责人还能发：/oncall 节 2027-01-01，去掉是 /oncall 不节 2027-01-01；"
    "替别人排就在前面加 ta 的号：/oncall 1111 班 …"
)
ONCALL_NOT_YOURS = "值班表只有值班的人看得到。难受、要人的话发 /sos。"
ONCALL_NOT_COUNSELOR = "{who} 不是咨询师，排不了班。请负责人先加进 QUNHU_COUNSELORS。"
ONCALL_OWNERS_ONLY = "这一条要负责人来改。"
ONCALL_UNREAD = "没看懂「{text}」。{wanted}"
WANT_DAYS = "日子写成 周一到周五、周六周日、每天 或 节假日。"
WANT_HOURS = "时间写成 20:00-08:00。"
WANT_DATES = "日期写成 12-01 或 2026-12-01，先写第一天，再写最后一天。"
WANT_DATE = "日期写成 2027-01-01。"
WANT_WORD = "能用的是 班、清空、假、销假、安静、不安静、节、不节。"
DATE_PAST = "{day} 已经过去了。"
DATES_TURNED = "最后一天在第一天前面，换一下再发。"
KEPT_SHIFT = "排好了。"
KEPT_CLEARED = "去掉了 {count} 个班。"
KEPT_LEAVE = "记下了，{first} 到 {last} 不叫 {who}。"
LEAVE_ALONE = "这几天里有的班没有别人，会叫所有醒着的咨询师。要不要用「请人替一班」？"
KEPT_BACK = "假销了，照常叫。"
KEPT_QUIET = "好，{hours} 先叫别人。"
KEPT_NO_QUIET = "好，什么时候都叫。"
KEPT_HOLIDAY = "记下了：{day} 按节假日的班来。"
KEPT_NO_HOLIDAY = "记下了：{day} 按平常的班来。"
BUTTON_SWAP = "请人替我一班"
BUTTON_VEIL = "把原话盖起来"
BUTTON_UNVEIL = "直接看原话"
BUTTON_I_COVER = "我替"
SWAP_WHICH = "哪一班？"
SWAP_NONE = "你接下来七天没有班，不用换。"
SWAP_ASKED = "问了别的咨询师，有人应了我告诉你。没人应之前，这一班还是你的。"
SWAP_ALONE = "现在没有别的咨询师可以问。跟负责人说一声吧。"
SWAP_PLEASE = "{who} 想请你替一班：{first} 到 {last}。"
SWAP_YOURS = "谢谢。这一班是你的了：{first} 到 {last}。"
SWAP_TAKEN = "已经有人替了，谢谢你。"
SWAP_OVER = "这一班已经过去了。"
SWAP_FOUND = "{who} 替你：{first} 到 {last}。安心去。"
SOMEBODY = "一位咨询师"
THE_GROUP = "群里的事"

# --- Appeals --------------------------------------------------------------------------------------

APPEAL_HEAD = "⚖️ 有人申诉（第 {id} 号）"
APPEAL_WHAT = "当时做的：{what}（{who}）"
APPEAL_ORIGINAL = "原话："
APPEAL_SAYS = "ta 说："
APPEAL_SILENT = "ta 没有多写。"
APPEAL_OTHER = "请另一位来看，不要是 {who}。"
APPEAL_WAITS = "现在：还没有人看"
APPEAL_UPHELD = "现在：{who} 看过，维持"
APPEAL_LIFTED = "现在：{who} 看过，改过来了"
BUTTON_UPHOLD = "维持"
BUTTON_LIFT = "改过来"
APPEAL_NOT_OWN = "当时是你处理的，这一件请另一位来看。"
APPEAL_DECIDED = "{who} 已经看过了。"
APPEAL_DONE = "记下了，我去告诉 ta。"

# --- The operator's phone -------------------------------------------------------------------------

PHONE = "群护：有一件急事 {minutes} 分钟没有人接，请马上看 Telegram（第 {case} 号）。"
PHONE_REFUSED = "负责人的电话通道不通（{why}），请看 QUNHU_PHONE_URL。"

# --- A group that nobody watches any more ---------------------------------------------------------

GONE_FROM_GROUP = (
    "「{chat}」里没有我了，从现在起那里没有我替你们看着。要我回去，再把我拉进群、设成管理员就行。"
)
BLIND_IN_GROUP = "我在「{chat}」里看不到大家说的话了，从现在起那里没有我替你们看着。请把我设回管理员，权限全关着也行。"
GONE_FROM_STAFF = "「{chat}」里没有我了，那里收不到卡片了。请把我拉回去。"
CRISES_LEFT = "那里还有 {count} 件救命的事没了结，请你们亲自跟住。"
