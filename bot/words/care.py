"""What is said after a crisis: plans of follow-up, caring notes, the safety plan. Read aloud before changing."""

from __future__ import annotations

from collections.abc import Mapping

from moderation.followup import ContactState

# --- To the counselor: the plan of follow-up ------------------------------------------------------

STEP: tuple[str, ...] = ("24 小时", "3 天", "一周", "两周", "一个月")
PLAN_OFFER = (
    "<b>{who}</b> 这次接住了。隔几天有人问一声，是真有用的事。\n"
    "我先排了这几次，点日子可以去掉、再点加回来；定了以后我到时候提醒你。"
)
PLAN_ACCEPTED = "<b>{who}</b> 的跟进定了，到时候我提醒你。点日子可以改。"
PLAN_DECLINED = "<b>{who}</b> 这次不排跟进。想排的话按下面。"
PLAN_STOPPED = "<b>{who}</b> 的跟进停了。想接着来按下面。"
CONSENT_LINE: Mapping[str, str] = {
    "unasked": "我只提醒你，不会自己找 ta。",
    "asked": "问过 ta 愿不愿意收我的问候，还没回。",
    "yes": "ta 愿意收我的问候，到日子我先替你问一声。",
    "no": "ta 不想收我的问候，我只提醒你。",
}
CONTACT_STATE: Mapping[ContactState, str] = {
    ContactState.PLANNED: "还没到",
    ContactState.OFF: "去掉了",
    ContactState.REMINDED: "提醒过你，等你",
    ContactState.ASKED: "问过，等 ta 回",
    ContactState.ANSWERED: "ta 回了：{answer}",
    ContactState.MADE: "联系过了",
    ContactState.SKIPPED: "这次没问",
    ContactState.MISSED: "我停机错过了，没有补发",
}
BUTTON_ACCEPT = "就这样定"
BUTTON_ACCEPT_ASK = "定下，也问问 ta 愿不愿意收我的问候"
BUTTON_ASK_CONSENT = "问问 ta 愿不愿意收我的问候"
BUTTON_DECLINE = "这次不用"
BUTTON_STOP_PLAN = "停下跟进"
BUTTON_AGAIN = "重新排上"
DONE_ACCEPT = "定了，到时候我提醒你。"
DONE_DECLINE = "好，这次不排。"
DONE_STOP = "停下了。"
DONE_TOGGLE = "改好了。"
DONE_ASKED = "我去问 ta，回了告诉你。"
NO_DAY_LEFT = "一天都没留。不跟进的话按「这次不用」。"
PAST_DAY = "这一次已经过去了，改不了。"
CANNOT_ASK = "ta 没有私聊可以发，只能你自己联系。"
ASKED_ALREADY = "已经问过了，不再问第二遍。"

DUE = "该问问 <b>{who}</b> 了（{step}那次）。{last}"
DUE_LAST = "上一次：{state}。"
DUE_ASKED = "我替你问候了 <b>{who}</b>（{step}那次）。ta 回了我转给你；你自己打个招呼更好。"
DUE_MANY = "我停了一阵子，攒下 {count} 个人该问一声。先看最久没人问的，点名字："
DUE_SENT = "发出去了。"
NOTE_REFUSED = "<b>{who}</b> 那句问候没发进去，ta 可能关了私聊。这次要你自己联系一下。"
CONSENT_REFUSED = "问 <b>{who}</b> 的话没发进去，ta 可能关了私聊。跟进还在，到日子我只提醒你。"
BUTTON_MADE = "我联系过了"
BUTTON_TOMORROW = "明天再说"
BUTTON_SKIP = "这次不问"
DONE_MADE = "记下了。"
DONE_TOMORROW = "好，明天提醒你。"
DONE_SKIP = "好，这次不问。"
DUE_SETTLED = "<b>{who}</b>（{step}那次）：{state}。"

ANSWERED = "<b>{who}</b> 回了问候（{step}那次）：{answer}"
ANSWERED_LOW = "🟠 <b>{who}</b> 说不太好（{step}那次）。今天去找 ta 说说话。"
ANSWERED_WORDS = "<b>{who}</b> 回了你：\n<blockquote>{text}</blockquote>"
CONSENT_YES = "<b>{who}</b> 说可以问候。到日子我替你问，回了转给你。"
CONSENT_NO = "<b>{who}</b> 说先不用问候。我只提醒你，不找 ta。"

# --- To the member: asked once whether she wants it, then short notes that ask for nothing --------

CONSENT = (
    "{holder}惦记着你。往后一个月，我可以隔几天替 ta 问你一声，回不回都行，随时能停。\n"
    "你回的话我会转给 ta，不给别人看。要吗？"
)
BUTTON_CONSENT_YES = "可以"
BUTTON_CONSENT_NO = "先不用"
SAID_YES = "好，过几天我来问一声。想停就说「别再问了」。"
SAID_NO = "好，不来打扰你。什么时候想找人，发 /sos。"
NOTE: Mapping[str, str] = {
    "note-1": "来看看你。今天怎么样？点一下就行，不想回也没关系。",
    "note-2": "路过问一声，这几天睡得着吗？回一个字也行，不回也行。",
    "note-3": "想起你了。今天过得去吗？有什么想说的，直接写给我，{holder}看得到。",
    "note-4": "好几天没问你了。现在是什么样，好一点、老样子、还是更难？怎么说都行。",
    "note-5": "还记着你呢。最近身边有人能说说话吗？不用答得多好，点一下也行。",
    "note-6": "又来问一句：今天这一天，难熬还是还行？说什么{holder}都会看到。",
}
BUTTON_OK = "还行"
BUTTON_LOW = "不太好"
BUTTON_TALK = "想跟真人说"
BUTTON_NO_MORE = "别再问了"
ANSWER: Mapping[str, str] = {"ok": "还行", "low": "不太好", "words": "写了几句话"}
HEARD_OK = "知道了，谢谢你说一声。"
HEARD_LOW = "听见了，我告诉{holder}。等不及就按下面；受伤打 120，有危险打 110。"
HEARD_WORDS = "收到，我转给{holder}了。"
HEARD_STOP = "好，不再问了。想找人的时候发 /sos，我一直在。"
STOP_WORDS = frozenset({"别再问了", "别问了", "不要再问了", "別再問了", "停"})
HEARD_ALREADY = "收到过了。"
NOT_YOURS = "这个按钮是给别人的。"

# --- The safety plan (Stanley & Brown) ------------------------------------------------------------

SAFETY_TITLE = "我的安全计划"
SAFETY_LEAD = "难熬的时候从第一步看起，不管用就往下走一步。"
SAFETY_STEP: tuple[str, ...] = (
    "① 快撑不住的时候，我会有什么样子",
    "② 我自己能做、能让我缓一缓的事",
    "③ 能让我分分心的人和地方",
    "④ 我能开口求助的人",
    "⑤ 能帮我的专业的人和地方",
    "⑥ 让身边更安全一点",
)
SAFETY_ASK: tuple[str, ...] = (
    "平时快不行之前，会先出现什么？比如睡不着、不回消息、一直照镜子。想到什么写什么。",
    "不用找谁，自己一个人就能做的：洗个热水澡、抱抱猫、下楼走一圈。写一两件对你管用的。",
    "不用跟他们谈这件事，待着就行：楼下便利店、一个爱说笑的朋友、公园。写名字或地方。",
    "真难受的时候，可以跟谁说一句「我现在不太好」？写名字，记得住电话就写上。",
    "你信得过的咨询师、医生、医院急诊。12356、120、110 我已经放在最下面了。",
    "不用写是什么。只写交给谁保管，或者难受的时候先离开哪儿、去哪儿。",
)
SAFETY_FOOT = "随时：受伤打 120，有危险打 110，心理援助 12356（各地时段不同）。"
SAFETY_NONE = "（先空着）"
SAFETY_RULE = "———"
SAFETY_HOW = (
    "长按这条点「回复」，写完发出来。这一步不想写就回「跳过」，想停就回「停」，放几天再回也行。"
)
SAFETY_INTRO = (
    "写一张给难熬时候的自己看的单子，六步，想写几步写几步，随时能停。\n"
    "它只在这个聊天里，我不另外留；你要我替你存，或者给咨询师看，都是你说了算。"
)
SAFETY_BEGIN = "慢慢写，一步一步来"
SAFETY_NOT_NOW = "先不写"
SAFETY_LATER = "好，想写的时候发 /safetyplan。"
SAFETY_REPLY_HINT = "回复这条"
SAFETY_GONE = "那条已经不在这个聊天里了。要不要重新写一张？"
SAFETY_UNREADABLE = "这条太久了，我读不到上面的字。长按复制全部发给我，我就能接着帮你弄。"
SAFETY_TOO_LONG = "这一步写得有点长，我放不下。挑最要紧的，{most} 个字以内再发一次。"
SAFETY_EDITED = "改过的字我收不进去。想换的话，点单子下面的「改其中一步」。"
SAFETY_UPDATED = "好了，都在上面那张里，点一下就跳过去。"
SAFETY_HERE = "在这儿，点上面那条就到。现在很难受的话，按下面。"
SAFETY_IN_GROUP = "安全计划我们私下写，点下面。"
SAFETY_BUTTON: Mapping[str, str] = {
    "go": "接着写",
    "pick": "改其中一步",
    "pin": "置顶，好找",
    "keep": "加密替我存一份",
    "share": "给咨询师看",
    "erase": "擦掉",
    "back": "返回",
}
SAFETY_PINNED = "置顶了，在聊天最上面。"
SAFETY_KEPT = "存好了，加密的，只有你发 /safetyplan 才拿出来。"
SAFETY_SHARE_ASK = "要把上面这张原样发给{holder}吗？发了我收不回来。"
SAFETY_SHARE_YES = "发给 ta"
SAFETY_SHARE_NO = "先不发"
SAFETY_SHARED = "发过去了。"
SAFETY_NOT_DELIVERED = (
    "你那张安全计划没发到咨询师那里，ta 的私聊进不去。想让人看的话，可以按「现在就要一个真人」。"
)
SAFETY_NOBODY = "现在没有值班咨询师能收，我没有发。"
SAFETY_FROM = "<b>{who}</b> 把自己的安全计划给你看：\n\n<blockquote>{text}</blockquote>"
SAFETY_ERASE_ASK = "擦掉以后我这里不留，上面这条也会变成空的。擦吗？"
SAFETY_ERASE_YES = "擦掉"
SAFETY_ERASE_NO = "留着"
SAFETY_ERASED = "（擦掉了）"
SAFETY_ERASED_TOLD = "擦掉了，我这里没有了。以前给别人看过的，我收不回来。"
SAFETY_SKIP = frozenset({"跳过", "跳過", "下一步", "skip"})
SAFETY_STOP = frozenset({"停", "先停", "停下", "不写了", "写完了", "結束", "结束", "stop"})

# --- A tap too many -------------------------------------------------------------------------------

HUMAN_CALLED_OFTEN = (
    "已经叫了好几遍，值班的人手机上都有你。等的时候撑不住，先打 120 或 110，也可以打 12356。"
)
REPORT_OFTEN = "谢谢你一直看着。你报的那几条管理员都收到了，让他们先看完，过一阵再报新的。"
