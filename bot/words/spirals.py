"""What is said when feeling spreads: to moderators, to the group, to members. Read aloud before changing.

Rests on facts.md D11 (grounding) and D13 (stop, name, ground, turn, follow up). Never a name, never blame.
"""

from __future__ import annotations

from collections.abc import Mapping

from moderation.cases import CaseState, Move
from moderation.spiral import Ending

# --- The card -------------------------------------------------------------------------------------

STARTED = "起头的：{who}"
CAUGHT = "接上去的：{who}"
STEADYING = "在接住大家的：{who}"
NOBODY_STEADIES = "还没有人接住。"
AND_MORE = "等 {count} 人"
NOT_STAFF = "（不是工作人员）"
"""Beside a member's name that is like one of staff; short, for it stands under a picture."""
SOMEBODY = "一位成员"
IN_DANGER = "⚠️ 急事：{who}，{level}，{state}"
IN_DANGER_OTHER = "⚠️ 急事：{who} 说起的一个人，{level}，{state}"
IN_DANGER_MORE = "⚠️ 另有 {count} 件急事，都单独在办。"
IN_DANGER_UNNAMED = "⚠️ 群里还有 {count} 件急事，在咨询师手里，单独在办。"
LEVEL: Mapping[str, str] = {"imminent": "马上有危险", "ideation": "有不想活的念头"}
DANGER_STATE: Mapping[CaseState, str] = {
    CaseState.OPEN: "还没有人接",
    CaseState.CLAIMED: "{who} 接了",
    CaseState.CONTACTED: "联系上了（{who} 在跟）",
}
SEE_CASE = "看原话"
STEPS_DANGER = "可以这样：先顾上面的急事；群里再发一句安抚，一次只接一个人。"
STEPS_ALONE = "可以这样：先发一句安抚，慢下来，一次只接一个人。散了以后，私下问问 {who}。"
STEPS_HELD = "可以这样：谢谢在接的人，帮着接一句。散了以后，私下问问 {who}。"
STEPS_OVER = "一天之内，私下问问 {who} 怎么样了。"
WHY: Mapping[str, str] = {
    "crowd": "人还在多",
    "general": "说到了「谁都没救」",
    "fast": "接连几条都重",
    "rise": "比刚才沉得快",
    "surprise": "比这个群平时沉得多",
    "pace": "比这个钟点平时说得密",
    "echo": "后面的在接前面的情绪",
    "replies": "重话回着重话",
    "joining": "几分钟里连着有人掉进来",
    "alone": "好一阵没有人出来稳",
    "unheeded": "有人劝也没压住",
}
HOW_MUCH = "{minutes} 分钟里 {count} 个人说了很重的话"
WHY_SHOWN = "凭什么：{why}"
STATE: Mapping[CaseState, str] = {
    CaseState.OPEN: "还没有人接",
    CaseState.CLAIMED: "{who} 在看着",
    CaseState.SAFE: "已处理好（{who}）",
    CaseState.FALSE_ALARM: "{who} 说不是",
}
MOVE_BUTTON: Mapping[Move, str] = {Move.DISMISS: "不是这回事"}
MOVE_DONE: Mapping[Move, str] = {
    Move.CLAIM: "好，你看着。这一阵我不再发新卡片。",
    Move.DISMISS: "记下了，不算。今晚还是这几个人，我就不叫你们了；有急事照样叫。",
}

# --- The picture ----------------------------------------------------------------------------------

PICTURE_CALM = "平"
PICTURE_HEAVY = "很重"
PICTURE_ONSET = "看出来的那一句"
PICTURE_STEADY = "有人在接"
PICTURE_ECHO = "接着谁的话"

# --- When it is over ------------------------------------------------------------------------------

OVER_HEAD = "「{place}」那一阵过去了：前后约 {minutes} 分钟，{count} 个人。"
OVER: Mapping[Ending, str] = {
    Ending.STEADIED: "是群里的人接住的：{who}。",
    Ending.STEWARD: "管理员出来说话以后，慢慢缓下来的。",
    Ending.HELPING: "大家转头去帮有急事的人，就不再往下掉了。那件急事照旧单独办。",
    Ending.TOPIC: "话头自己换开了。",
    Ending.SILENCE: "后来没有人再说话。静下来不等于好了。",
}
OVER_AFTER_CALM = "中间发过一句安抚。"
HEADLINE_OVER = "🔵 情绪往下沉过一阵"
OVER_CARD = "已经过去了：前后约 {minutes} 分钟，{count} 个人。"

# --- To the group: short, nobody named; stop, how it feels, half a minute, one small thing --------

CALMING: Mapping[str, str] = {
    "calm-1": "这会儿好几句都很沉，看着心里发紧。先停一分钟：两只脚踩实，看一眼身边的五样东西。今晚别的先不想，喝口热水，慢慢说。",
    "calm-2": "刚才那些话都有人看见，没有哪一句说错了。我们慢一点，一次只听一个人。手边有水就喝一口，气呼得长一点，五次就好。",
    "calm-3": "难受一个接一个，接不过来是正常的。都把手机放下半分钟，脚趾用力抓一下再松开，回来打一个「在」就行。",
    "calm-4": "听到的都是真的难，这会儿不用急着想出路。先做一件小的：去洗把脸，把灯开亮一点。回来我们一次说一件。",
    "calm-5": "话说得这么重，是因为撑了很久。先歇半分钟，吸一口气，慢慢呼出去，呼得比吸长。今晚只做一件事：早点躺下，睡不着也算歇。",
    "calm-6": "先停一停，谁也不用马上好起来。摸一样手边的东西，桌子、毛衣、杯子，说说是凉的还是软的。想单独说的，点下面，私下都在。",
    "calm-7": "这十来分钟，大家心里都沉，我看见了。先不比谁更难，也不急着回。说一样你现在看得见的蓝色的东西，说完再接着，一个人说，别人听。",
    "calm-8": "说到这里，谁听了都会跟着往下掉。我们换口气：听一听，身边有哪三样声音？听完喝口水。今晚剩下的话，一句一句来，不赶。",
}
BUTTON_ALONE = "想单独说说，点这里"
PREVIEW = "要发到「{place}」的是这一句，看过再发："
PREVIEW_DANGER = "群里还有急事在办，先顾那件。这一句不点名，也不提那件事。"
PREVIEW_SENT = "{who} 把这一句发到群里了："
PREVIEW_DROPPED = "好，没有发。"
BUTTON_SEND = "就发这句"
BUTTON_OTHER = "换一句"
BUTTON_DROP = "先不发"
CALM_OVER = "这一阵已经过去了，不用再发。"
CALM_FAILED = "安抚的那句没有发进群里，可能我在那里被禁言了。"
CALM_RECALLED = "从群里撤回来了。"

# --- To those who steadied, in private ------------------------------------------------------------

THANKS: Mapping[str, str] = {
    "thank-1": "刚才群里那几分钟很沉，你接住了几句。管理员托我谢谢你。你也歇一歇，今晚不用一直守着。",
    "thank-2": "你刚才那几句，群里有人听进去了。管理员让我私下说声谢谢。要是你自己也堵得慌，按下面，有人听。",
    "thank-3": "谢谢你刚才没有走开。接别人的话也累人，喝口水，想下线就下线，管理员在看着。",
    "thank-4": "群里往下沉的时候，你在稳着大家，管理员看见了，让我来谢谢你。别忘了也顾顾自己，早点歇。",
}
THANK_NOBODY = "还没有看到谁在接，先不用谢。"
THANK_UNREACHABLE = "接话的几位没跟我说过话，私信发不进去。在群里说一声谢谢也好。"
THANK_RECALLED = "撤回来了。"

# --- What the bot does by itself, where a group wants it ------------------------------------------

ITSELF = "群护"
OFFERS: Mapping[str, str] = {
    "offer-1": "刚才群里的话有点沉，你也在里面。先不用回谁，下面这一页跟着做一遍，几分钟就够。要真人，随时按。",
    "offer-2": "刚才那阵大家都不好受，你说的我看到了。有一页能让人缓一缓，只给你看。想找人说话，按真人那个。",
    "offer-3": "群里刚才一句比一句重，你先顾自己。水喝一口，点开这一页，照着看五样东西。撑不住就叫真人。",
}
