"""What the page of the demo walks through, one scene for each thing that humans do with the bot."""

from __future__ import annotations

from datetime import time

from bot import words
from bot.demo.evening import ADMIN, COUNSELOR, GROUP, MODERATOR
from bot.demo.steps import Pass, Say, Scene, Step, Tap, Verify
from bot.words import care, control, duty, handover, member
from moderation.cases import Move

NIGHT = "夜班咨询师林"
STAFF = (COUNSELOR, NIGHT)
EXTRAS = ("小满", "苏苏", "阿宁", "小舟", "可可", "安安", "木木", "小禾", "果果")
"""Members who take part in scenes alone."""
CLAIM, CONTACT, DISMISS, UNDO = (
    words.MOVE_BUTTON[move] for move in (Move.CLAIM, Move.CONTACT, Move.DISMISS, Move.UNDO)
)
REMIND, DELETE, MUTE = (duty.BUTTON_ACT[act] for act in ("remind", "delete", "mute"))
Steps = tuple[tuple[str, Step], ...]


LATER: Steps = (
    ("过了一个多小时。", Pass(70)),
    ("沈在班上。", Pass(until=time(10, 0), by_day=True)),
    ("群里在说别的。", Say("林姐", "拆完记得涂疤膏，别急着化妆")),
)
"""What was said before is forgotten; the counselor who plays along is at work."""
TAKEN: Steps = (
    ("咨询师按「我来」。", Tap(COUNSELOR, CLAIM)),
    ("电话通了，按「已联系上」。", Tap(COUNSELOR, CONTACT)),
    ("再点一个：怎么联系上的。", Tap(COUNSELOR, duty.BUTTON_HOW["phone"])),
)


def _in_hand(text: str, who: str) -> Steps:
    """A crisis that the counselor takes and makes contact in."""
    return ((f"{who} 在群里写了一句话。", Say(who, text)), *TAKEN)


SCENES: tuple[Scene, ...] = (
    Scene(
        "herself",
        "自己说的：马上有危险",
        "看咨询师和管理员群的卡片：谁接的、什么时候联系上的，两边写得一样。再看小满的私聊：有人接了，她那边知道是谁。",
        (
            *LATER,
            ("小满给机器人按过「开始」。", Say("小满", "/help", "private")),
            *_in_hand("东西都收拾好了，药也攒够了，今晚就走，谢谢大家", "小满"),
        ),
    ),
    Scene(
        "friend",
        "别人替 ta 着急",
        "自始至终只有一张卡片：先写着「说的可能是 阿宁」，她自己开口以后就是她的事。报信的苏苏收到的是现在做哪几步。",
        (
            *LATER,
            ("阿宁也在群里说话。", Say("阿宁", "恭喜拆线！我第七天才拆的")),
            ("苏苏给机器人按过「开始」。", Say("苏苏", "/help", "private")),
            (
                "苏苏很着急。",
                Say("苏苏", "阿宁说她今晚要走，我打她电话不接，她一个人在家，有人离她近吗"),
            ),
            ("阿宁自己出声了。", Say("阿宁", "别找了，我在楼顶，不想下来了")),
            *TAKEN,
        ),
    ),
    Scene(
        "disguised",
        "绕着说的",
        "字是拆开的、谐音的，卡片照样来，画线的是凭什么。给小舟的话轻一些，先问，不吓她。",
        (
            *LATER,
            ("小舟给机器人按过「开始」。", Say("小舟", "/help", "private")),
            ("小舟换了写法。", Say("小舟", "有时候真的不想huo了，紫砂算了，照镜子都认不出自己")),
            *TAKEN,
        ),
    ),
    Scene(
        "accusation",
        "点名指控：提醒、理成一段、申诉",
        "看可可的私聊：没有一句训她，经历理成了能发的一段。删消息的是小何，申诉就轮不到小何看，老周看完，答复回到可可这里。",
        (
            *LATER,
            ("可可给机器人按过「开始」。", Say("可可", "/help", "private")),
            (
                "可可点了名，没有出处。",
                Say("可可", "给我做双眼皮的梁一鸣医生根本没有执照，手上死过人"),
            ),
            ("小何按「提醒陈述方式」。", Tap(MODERATOR, REMIND, "moderators")),
            ("几秒里没有撤，私信就出去了。", Pass(1)),
            ("可可要换个写法。", Tap("可可", member.BUTTON_STATEMENT)),
            ("一问一答：什么时候。", Say("可可", "今年三月", "private")),
            ("在哪儿。", Say("可可", "杭州，一家医美机构", "private")),
            ("做了什么。", Say("可可", "双眼皮，一位姓梁的医生做的", "private")),
            ("看到了什么。", Say("可可", "我要看执业证，他没有给我看", "private")),
            ("手里有什么。", Say("可可", "缴费小票和微信聊天记录", "private")),
            ("小何又把原消息删了。", Tap(MODERATOR, DELETE, "moderators")),
            ("删了，可可会知道，也知道能申诉。", Pass(1)),
            ("可可按「申诉」。", Tap("可可", member.BUTTON_APPEAL)),
            ("写一句为什么。", Say("可可", "我问过卫健委，那里查不到他", "private")),
            ("小何想自己看，轮不到。", Tap(MODERATOR, duty.BUTTON_LIFT, "moderators")),
            ("老周看过，改过来。", Tap(ADMIN, duty.BUTTON_LIFT, "moderators")),
        ),
    ),
    Scene(
        "rota",
        "排班和换班",
        "看咨询师的私聊：一句话排好班，按一下请人替。林应了，沈就知道可以安心走；没人应之前，班还是沈的。",
        (
            ("沈排白天。", Say(COUNSELOR, "/oncall 班 每天 08:00-20:00", "private")),
            ("林排夜里。", Say(NIGHT, "/oncall 班 每天 20:00-08:00", "private")),
            ("看一眼班表。", Say(COUNSELOR, "/oncall", "private")),
            ("沈想请人替一班。", Tap(COUNSELOR, duty.BUTTON_SWAP)),
            ("挑最远的那一班。", Tap(COUNSELOR, "")),
            ("林按「我替」。", Tap(NIGHT, duty.BUTTON_I_COVER)),
        ),
    ),
    Scene(
        "unanswered",
        "没有人接：一层一层叫上去",
        "往上翻，叫过几次就有几张「下面有更新的一张」。先叫值班的，再叫下一位、所有咨询师；马上有危险的，管理员群一开始就有；最后是负责人、群管理员、负责人的电话。谁按「我来」，它才停。",
        (
            ("半夜了。", Pass(until=time(2, 0))),
            ("小禾写了一句话，没有人看见。", Say("小禾", "药都摆在面前了，今晚就走，对不起")),
            ("过了四分钟。", Pass(4)),
            ("又过了四分钟。", Pass(4)),
            ("再过四分钟。", Pass(4)),
            ("老周醒了，在管理员群按「我来」。", Tap(ADMIN, CLAIM, "moderators")),
        ),
    ),
    Scene(
        "handover",
        "下班交接",
        "到点了，手上还有事的人被问一声：交出去，还是接着跟。交的时候留一句话，接手的人在卡片上看得到。钟到点不会自己换人。",
        (
            ("沈重新排白天。", Say(COUNSELOR, "/oncall 清空", "private")),
            ("沈重新排白天。", Say(COUNSELOR, "/oncall 班 每天 08:00-20:00", "private")),
            ("林清掉旧的。", Say(NIGHT, "/oncall 清空", "private")),
            ("林排夜里。", Say(NIGHT, "/oncall 班 每天 20:00-08:00", "private")),
            ("晚上七点四十。", Pass(until=time(19, 40))),
            *_in_hand("活着没意思，不想活了", "安安"),
            ("八点，沈下班。", Pass(until=time(20, 1))),
            ("把安安这件交出去。", Tap(COUNSELOR, handover.BUTTON_GIVE.format(name="安安"))),
            ("留一句。", Say(COUNSELOR, "说到她妹妹了，等妹妹下夜班", "private", answering=True)),
            ("林按「我来」。", Tap(NIGHT, CLAIM)),
        ),
    ),
    Scene(
        "followup",
        "过后有人问一声",
        "看木木的私聊：先问愿不愿意，才有问候；一天以后那句，点一下就算回。她说不太好，咨询师马上知道。",
        (
            *LATER,
            ("木木给机器人按过「开始」。", Say("木木", "/help", "private")),
            *_in_hand("不想活了，真的撑不下去", "木木"),
            ("跟进的日子已经排好，等沈定。", Pass(1)),
            ("沈定下，也让问问木木。", Tap(COUNSELOR, care.BUTTON_ACCEPT_ASK)),
            ("木木说可以。", Tap("木木", care.BUTTON_CONSENT_YES)),
            ("一天过去了，第二天上午。", Pass(24 * 60, until=time(10, 0))),
            ("木木点了「不太好」。", Tap("木木", care.BUTTON_LOW)),
        ),
    ),
    Scene(
        "plan",
        "安全计划",
        "六步都在果果自己的聊天里，一张，能置顶。我们这里不留；存、给咨询师看、擦掉，都是她自己按。",
        (
            ("果果发 /safetyplan。", Say("果果", "/safetyplan", "private")),
            ("慢慢写。", Tap("果果", care.SAFETY_BEGIN)),
            ("第一步。", Say("果果", "晚上一直刷照片", "private", answering=True)),
            ("第二步。", Say("果果", "给猫梳毛", "private", answering=True)),
            ("第三步。", Say("果果", "楼下便利店的阿姨", "private", answering=True)),
            ("第四步。", Say("果果", "姐姐", "private", answering=True)),
            ("第五步。", Say("果果", "沈咨询师", "private", answering=True)),
            ("第六步。", Say("果果", "交给姐姐收着", "private", answering=True)),
            ("置顶。", Tap("果果", care.SAFETY_BUTTON["pin"])),
        ),
    ),
    Scene(
        "undo",
        "按错了都能撤",
        "看管理员群的卡片：误报撤回来了，静音还没出去就拦下了，每一步是谁、几点，都在卡片上。",
        (
            *LATER,
            ("晓棠点了名。", Say("晓棠", "丽都整形的郭安院长是骗子，他的证是假的，根本没有执照")),
            ("小何手快，按了「误报」。", Tap(MODERATOR, DISMISS, "moderators")),
            ("撤销。", Tap(MODERATOR, UNDO, "moderators")),
            ("小何按了「静音 1 小时」。", Tap(MODERATOR, MUTE, "moderators")),
            (
                "几秒内撤回来。",
                Tap(MODERATOR, duty.BUTTON_UNDO_ACT.format(what=MUTE), "moderators"),
            ),
        ),
    ),
    Scene(
        "settings",
        "设置：每一样都写着换来什么、要付什么",
        "管理员群里，点哪样改哪样。每一样先说清楚调了会怎样，改了谁都看得到，也记在审计里。",
        (
            ("老周发 /settings。", Say(ADMIN, "/settings", "moderators")),
            ("挑这个群。", Tap(ADMIN, GROUP, "moderators")),
            ("看看灵敏度。", Tap(ADMIN, control.NAME["sens"], "moderators")),
            ("调成「多叫人」。", Tap(ADMIN, control.LABEL["keen"], "moderators")),
        ),
    ),
    Scene(
        "stats",
        "数字：叫得准不准，多久有人接",
        "最近七天和三十天：响了多少、你们判下来准不准、多久有人接、漏了什么。每周一早上还有一张图。",
        (("小何发 /stats。", Say(MODERATOR, "/stats", "moderators")),),
    ),
    Scene(
        "audit",
        "审计：一环扣一环",
        "谁按了什么、看了什么、改了什么设置，都在这条链上，改一个字就对不上。命令行里是 qunhu audit verify。",
        (("核一遍。", Verify()),),
    ),
)
