"""What somebody in danger reads who says she is outside the mainland, and what she reads while she waits.

Read aloud before changing. Numbers only as facts.md C has them; what is not verified says so or stays away.
"""

from __future__ import annotations

from collections.abc import Mapping

from moderation.places import Place

# --- Outside the mainland: 120, 110 and 12356 do not help there -----------------------------------

URGENT: Mapping[Place, str] = {
    Place.HONG_KONG: " 999",
    Place.MACAU: " 999，打不通就去最近的急诊",
    Place.TAIWAN: " 119 或 110，打不通就去最近的急诊",
    Place.ABROAD: "当地的急救电话，不知道几号就问身边任何一个人",
}
TALK: Mapping[Place, str] = {
    Place.HONG_KONG: "想现在就有人听，打 18111（24 小时，可以讲普通话）",
    Place.MACAU: "想现在就有人听，可以试 2852 5222（时段没核到）",
    Place.TAIWAN: "想现在就有人听，打 1925（24 小时）",
    Place.ABROAD: "12356 在外面可能打不通，下面那页写了怎么找当地的",
}
PAGE: Mapping[Place, str] = {
    Place.HONG_KONG: "hotlines-hk",
    Place.MACAU: "hotlines-mo",
    Place.TAIWAN: "hotlines-tw",
    Place.ABROAD: "abroad",
}
BUTTON: Mapping[Place, str] = {
    Place.HONG_KONG: "人在香港",
    Place.MACAU: "人在澳门",
    Place.TAIWAN: "人在台湾",
    Place.ABROAD: "人在国外",
}
TO_IMMINENT: Mapping[str, str] = {
    "far-now-1": "有危险先打{urgent}。你说的我看到了，现在旁边有谁？去有人的地方，我在叫值班的人，先告诉你一声。",
    "far-now-2": "先喊身边的人，打{urgent}。离开让你不安全的地方，好吗？值班的人我正在叫，不瞒你。",
    "far-now-3": "这句我当真了。伤着了、守不住了，都打{urgent}。别一个人待着，值班的人我一直在叫。",
}
TO_IDEATION: Mapping[str, str] = {
    "far-1": "刚才那句我看到了。你是在想结束自己吗？我告诉了值班咨询师，不瞒你；{talk}。有危险打{urgent}。",
    "far-2": "一个人在外面，撑了很久吧。现在想死的念头，强不强？怎么答都行，值班咨询师知道了；{talk}。有危险打{urgent}。",
    "far-3": "你那句话我没有划过去。这会儿你是安全的吗？我叫了值班咨询师；{talk}。有危险打{urgent}。",
}

# --- It hurts, and nobody has to be called --------------------------------------------------------

SAD: Mapping[str, str] = {
    "sad-1": "听着挺难的。我是程序，不会聊天，能替你叫人：想有人听，按第一个；想先缓一缓，按第二个。",
    "sad-2": "这句我看到了。不用想好怎么说，按第一个，接的是人。要是越来越重，打 12356（各地时段不同）。",
    "sad-3": "今天又不好过吧。我这里有几页，照着做能松一点，按第二个；想跟人说，按第一个。",
    "sad-4": "写在这儿也好，没有别人看。撑得累了就按第一个，会有人来问你。",
}

# --- She writes on while a human is on the way: her words are heard, and by whom ------------------

HEARD: Mapping[str, str] = {
    "heard-1": "这句也给值班的人看了，我还在叫他们。想到什么写什么，不用写得多好。",
    "heard-2": "看到了，一个字都没丢。等着难熬就打 12356（各地时段不同），有危险打 110 或 120。",
    "heard-3": "我在。我是程序，陪聊不会，叫人会：还没人接，我接着叫。",
    "heard-4": "这句转过去了。人来之前，把灯开亮一点，坐到有人的地方去。",
    "heard-5": "都收到了。旁边要是有人，叫 ta 坐过来一会儿，不用说为什么。",
    "heard-6": "骂我也行，不说话也行，你写的都有人会看到。有危险打 110 或 120。",
}
HEARD_URGENT: Mapping[str, str] = {
    "now-1": "看到了，给值班的人看了。伤着了、吃了东西，现在就打 120；守不住打 110，别等我。",
    "now-2": "这句也转过去了，我还在叫人。先打 120 或 110，说地址就行。",
    "now-3": "我在接着叫。现在走到有人的地方去，门开着；受伤打 120，有危险打 110。",
    "now-4": "你写的都在值班的人手机上。等不了，120 或 110，先拨一个。",
}
HEARD_HELD: Mapping[str, str] = {
    "held-1": "这句转给{who}了，手机放手边，ta 会找你。",
    "held-2": "{who}的手机上有你这句了。等的时候撑不住，先打 120 或 110。",
    "held-3": "收到，给{who}了。想到什么接着写，ta 看得到。",
}
