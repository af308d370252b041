"""What a member reads when a moderator does something: notes, the statement helper, appeals."""

from __future__ import annotations

from collections.abc import Mapping

# --- Notes that a moderator sends by a button -----------------------------------------------------

COMFORT: Mapping[str, str] = {
    "comfort-1": "管理员看到你刚才说的，让我来问一声：你现在怎么样？想找人说话就按下面，有人接。",
    "comfort-2": "你那句话有人看见了，没有被刷过去。今晚谁陪着你？不想在群里说，可以在这儿要一个真人。",
    "comfort-3": "刚才那段听着很难。先喝口热的，坐下来。要人陪着说一会儿的话，按下面那个就行。",
    "comfort-4": "我来替管理员问一句：现在最难受的是哪一样？不想打字也没关系，按一下就有人来。",
}
PAGES_INTRO = "管理员托我把这些给你。挑眼下最像你的那一条看，别的以后再说。"
REMIND: Mapping[str, str] = {
    "remind-1": "你吃的亏算数，也值得让人知道。只是{phrase}拿不出凭据的时候，对方能拿它告你。换成你亲眼看到的：哪天、谁做的、做了什么。我帮你理。",
    "remind-2": "没有人不信你。{phrase}是要有判决或处罚书才站得住的话，没有的时候，吃亏的会是你。把你看到的原样写下来，更有力。要一起写吗？",
    "remind-3": "这件事你有资格说。难的是{phrase}，对方一句「拿证据来」就能倒过来告你。写你经历的那一天，反而没人驳得倒。我问你答，五句就好。",
}
REMIND_PHRASE = "「{phrase}」这样的话"
REMIND_PLAIN = "那一句里下结论的话"
REMIND_PRIVATE: Mapping[str, str] = {
    "private-1": "气到想让所有人知道，我懂。只是那条里有别人的住处、电话，或者叫人过去，出了事先担责的是你。先撤下来，事情照样能讲，我帮你理。",
    "private-2": "那条里写到了别人的私人信息，或者要上门。这会让对方反过来告你，理就不在你这边了。撤下来，把你经历的写清楚，更有用。",
}
MUTED = "你在群里先歇一小时，到点自己解开。不是不让你说，是那会儿大家都顶上了。私下我都在，要真人按第一个。"
UNMUTED = "刚才的静音解开了，可以接着说。"
DELETED = (
    "你那条我们先收起来了，怕它给你惹麻烦。你的事没有被收起来：换个写法照样能发，我可以帮你理。"
)
DOOR_NOTE = "{name}，有句话单独跟你说，不急。"
BUTTON_STATEMENT = "帮我换个写法"
BUTTON_WITHDRAW = "把那条撤下来"
BUTTON_APPEAL = "申诉"
WITHDRAWN = "好，我去撤。写好的随时能再发。"
WITHDRAW_IMPOSSIBLE = "我在那个群没有删消息的权限。你长按那条，自己撤一下就好。"
WITHDRAW_GONE = "那条我已经碰不到了。你长按它，自己撤一下就好。"

# --- The statement helper -------------------------------------------------------------------------

STATEMENT_OPENING = "我问五句，你照实答，想不起来就跳过。写的只有你和我看得到，写完就忘。"
STATEMENT_STEPS: Mapping[str, str] = {
    "when": "一、什么时候的事？记得哪天就写哪天，只记得月份也行。",
    "where": "二、在哪儿？写门头或单据上的名字。没把握就写城市和「一家医美机构」。",
    "done": "三、给你做了什么项目，谁做的？只写你知道的。",
    "saw": "四、你亲眼看到、亲身经历的是什么？先写事，不写结论。",
    "have": "五、手里有什么：单据、合同、病历、照片、聊天记录？一样一样写。",
}
STATEMENT_LABELS: Mapping[str, str] = {
    "when": "时间",
    "where": "地点",
    "done": "做的项目",
    "saw": "我经历和看到的",
    "have": "我手里有的材料",
}
STATEMENT_HEAD = "【我的经历】"
STATEMENT_FOOT = "以上是我自己的经历，只写我看到的和手里有的。其余的，等有关部门查。"
STATEMENT_RISKY = "这一句像是下结论：「{answer}」。对方会要你拿证据。换成你看到的，比如「没有给我看过证件」「我问了，他没有答」。要改就重新写这一句，不改按「就这样」。"
STATEMENT_DONE = "理好了，下面这段可以直接复制去发。改哪里都随你。"
STATEMENT_WITHDRAW = "原来那条要不要我撤下来？"
STATEMENT_EMPTY = "还一句都没有，先答一两句我才能理。"
STATEMENT_STOPPED = "好，不写了，刚才写的我都忘掉了。想写的时候发 /statement。"
STATEMENT_GONE = "这份已经收起来了。想重新写，发 /statement。"
STATEMENT_TYPED = "用打字的答，我才写得进去。图片和语音我看不了。"
STATEMENT_LONG = "这一句太长了，先写最要紧的，{most} 个字以内。"
BUTTON_SKIP = "跳过"
BUTTON_BACK_STEP = "上一句"
BUTTON_STOP = "不写了"
BUTTON_KEEP = "就这样"
STATEMENT_IN_GROUP = "点下面，我们私下一句一句写。"

# --- Appeals --------------------------------------------------------------------------------------

APPEAL_ASK = (
    "觉得处理得不对，可以让另一位管理员再看一遍。写一句为什么，发给我；不想写就按下面直接交。"
)
BUTTON_APPEAL_SEND = "不写了，直接交"
BUTTON_APPEAL_STOP = "先不申诉"
APPEAL_SENT = "交上去了，会由另一位管理员来看，看完我告诉你。"
APPEAL_STOPPED = "好，先不交。想起来再按那个「申诉」。"
APPEAL_TWICE = "这一件你申诉过了，看完我会告诉你。"
APPEAL_ANSWERED = "这一件另一位管理员已经看过，答复在上面。还有别的，直接跟群主说。"
APPEAL_UPHELD = "另一位管理员看过了你的申诉，还是照原来的办。这不是说你的事是假的。那件事想换个写法再发，我陪你理。"
APPEAL_LIFTED = "另一位管理员看过了你的申诉，觉得当时处理得不妥，改过来了。委屈你了。"
APPEAL_LIFTED_DELETED = (
    "另一位管理员看过了你的申诉，觉得那条不该收。消息找不回来了，可以再发一次。委屈你了。"
)
