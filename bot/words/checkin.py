"""What is said around /checkin: a weekly look at oneself, for those who ask for it. Read aloud before changing."""

from __future__ import annotations

from collections.abc import Mapping

from moderation.drift import Sign

INTRO = (
    "你要的话，我每周陪你看一眼自己：在群里说的话是不是比你前几周沉，半夜说得多不多，是不是忽然不太说话了。\n"
    "为这个，我每天记三个数：说了几句、话有多沉、半夜几句。不留原话，加密存着，60 天后自己掉。\n"
    "先给你一个人看；给不给值班咨询师看，你说了算。这不是看病，我也会看走眼。\n"
    "还没满 14 岁的，先跟家里大人一起看过再要。\n"
    "什么时候不想要了，给我发一个「停」字，当场全擦掉。"
)
IN_GROUP = "这个是你自己一个人的事，点下面，我们私下说。"
BUTTON_YES = "要，每周陪我看一眼"
BUTTON_NO = "先不要"
LATER = "好，什么都不记。想要的时候再发 /checkin。"
BEGUN = (
    "好，从明天开始记。头四周我看不出什么，攒够了，每周同一天晚上给你看一眼。\n"
    "想停，随时发一个「停」字。"
)
BEGUN_ALREADY = "已经在记了。"
HOME = "你要过每周看一眼，{since}起的。\n{share}\n想停，发一个「停」字，当场全擦掉。"
SHARE: Mapping[str, str] = {
    "ask": "给咨询师看吗：每次你自己按。",
    "always": "给咨询师看吗：有变化的时候，你看过一小时后给 ta。",
}
BUTTON_SHARE: Mapping[str, str] = {
    "ask": "咨询师那边，每次我自己按",
    "always": "有变化就给咨询师看",
}
SHARED: Mapping[str, str] = {
    "ask": "好，每次由你按，不按就只有你看到。",
    "always": "好。你看过之后过一小时，我再给值班咨询师看；那一小时里你可以说这次先别给。",
}
BUTTON_LOOK = "现在看一眼"
BUTTON_STOP = "停，全擦掉"
BUTTON_GIVE = "给咨询师看看"
BUTTON_HOLD = "这次先别给"
TOO_EARLY = "还不够四周，现在看不出什么。不急，到时候我来找你。"
SIGN: Mapping[Sign, str] = {
    Sign.HEAVIER: "这周你说的话，比你前几周沉了一些。",
    Sign.NIGHTS: "这周你半夜说话，比你前几周多。",
    Sign.QUIETER: "这周你在群里说得少了很多。",
}
CHANGED: Mapping[str, str] = {
    "ci-1": "到底是怎么了，只有你知道。想有人陪着说说，按第一个。",
    "ci-2": "也许没什么，也许累着了。今晚想有人听你说两句的话，按第一个。",
    "ci-3": "我只看得到数，看不到你经历了什么。要是撑得有点久了，按第一个叫个真人。",
}
STEADY: Mapping[str, str] = {
    "ci-5": "这周你和前几周差不多。看一眼就好，不用做什么。",
    "ci-6": "没看出什么变化。这一周也过来了。",
    "ci-7": "和平常的你差不多。下周再来看你。",
}
WILL_GIVE = "一小时后我给值班咨询师看。这次不想给，按「这次先别给」。"
GIVEN = "给了。咨询师会看到上面那几句和图，没有你的原话。"
GIVEN_ALREADY = "这一次已经给过了。"
NOBODY = "现在没有咨询师能看。想要人，发 /sos。"
HELD = "好，这次只有你看到。"
HELD_LATE = "这次的已经给出去了，收不回来。下次之前可以在 /checkin 里改。"
STOPPED = "停了，记的全擦掉了。之前你给咨询师看过的，ta 那边还在。想再要，发 /checkin。"
STOPPED_ALREADY = "已经停了，我这里什么都没有。"
OFTEN = "刚看过好几次了，图在上面。晚点再看也不迟。"
SIGN_OF_HER: Mapping[Sign, str] = {
    Sign.HEAVIER: "这周 ta 说的话，比自己前几周沉了一些",
    Sign.NIGHTS: "这周 ta 半夜说话，比自己前几周多",
    Sign.QUIETER: "这周 ta 在群里说得少了很多",
}
TO_COUNSELOR = (
    "{who}自己要我每周陪 ta 看一眼，也愿意给你看这一次：\n{signs}\n"
    "只是和 ta 自己的前几周比，不是诊断，也可能看走眼。私下问一句「这周怎么样」就好，不用提数。"
)
PICTURE: Mapping[str, str] = {
    "mood": "话有多沉",
    "nights": "半夜说的",
    "messages": "说了多少",
    "now": "这周",
    "usual": "平常在这一带",
}
