"""What moderators and owners read when they set something. Read aloud before changing."""

from __future__ import annotations

from collections.abc import Mapping

from moderation.storage.people import Role
from moderation.vocabulary import CaseKind

SETTINGS_WHERE = "设置在管理群里改，在那里发 /settings。"
SETTINGS_PICK = "改哪个群的设置？"
SETTINGS_NO_GROUP = "还没有群归这里管。把我拉进病友群，设成管理员，再来。"
SETTINGS_HEAD = "「{title}」现在这样设着，点哪样改哪样："
SETTINGS_LINE = "· {name}：{label}"
SETTINGS_CHANGED = "改好了：{name}——{label}"
SETTINGS_SAME = "本来就是这样。"
SETTINGS_OWNER = "这一样要负责人来改。"
BUTTON_BACK = "返回"
BUTTON_DONE = "收起来"
SETTINGS_CLOSED = "设置收起来了，要改再发 /settings。"

NAME: Mapping[str, str] = {
    "sens": "灵敏度",
    "dry": "试运行",
    "word": "给本人的话",
    "guide": "给报信人的话",
    "alle": "点名指控",
    "doxx": "私人信息和围堵",
    "spir": "情绪滚雪球",
    "calm": "往下沉时我先开口",
    "when": "滚雪球多早叫",
    "paus": "滚过一次以后",
    "idea": "不想活的念头",
    "quie": "夜里静音",
    "cool": "连着来的提醒",
    "char": "简体繁体",
    "mods": "归哪个管理群",
    "rule": "本群的规矩",
}
EXPLAIN: Mapping[str, str] = {
    "sens": "多像才叫人。调高，漏得少，误报多，管理群会吵；调低，安静，但真有事的也会多漏几个。三档都管危险，所以别轻易调低。",
    "dry": "开着的时候，指控和情绪这两样只告诉你们「本来会怎么做」，不对成员做事。救命的一直是真的。",
    "word": "看到有人不想活，我马上私下给本人一句话，带找真人的按钮。关掉的话，在你们的人联系上之前，ta 什么都收不到。",
    "guide": "有人替别人着急的时候，我私下告诉 ta 现在做哪几步。关掉的话，ta 只能等你们。",
    "alle": "点名说医生或机构的坏事、又没有出处，告诉管理群。关掉就没人提前看见，等对方找上门才知道。",
    "doxx": "要或给别人的住址电话、喊人去围堵，告诉管理群。关掉的话，出了事来不及拦。",
    "when": "几个人接连往下沉，多早告诉你们。拿一天五百句的群试：早一点，叫得稍早一些，大约十一天虚惊一次；均衡，大约两周一次；晚一点，大约四周一次。",
    "paus": "一次滚雪球停下来以后，这么久以内不再为这个群叫第二次。短了，同一晚可能叫两回；长了，接着又滚起来你们要晚点才知道。",
    "spir": "几个人接连往下沉、没人接住，告诉管理群。关掉的话，得靠你们自己看着群。",
    "calm": "情绪一个接一个往下沉的时候，我自己在群里说一句安抚：写好的几句轮着用，不点名，有人有急事时不说，半小时最多一次，几秒内你们能撤。再多一档，私下给最难受的两三位递一页能马上做的，一人一天最多一次。关着，就等你们来发。",
    "idea": "有值班咨询师的时候，这一档平时只叫咨询师。也叫管理群，多几双眼睛，但知道的人也多了。马上有危险的，两边一直都叫。",
    "quie": "这段时间里，不要命的提醒照样来，只是没有声音。危险的一直有声音。",
    "cool": "刚响过一次，同一个群、同一类的再来，这么久以内没有声音。一条都不会少。",
    "char": "我在这个群里说话、为这个群里的事私下找人，写简体字还是繁体字。自己选过的人，照 ta 选的写；你们的卡片照原话，不改字。",
    "rule": "碰到这一类事，你们商量好怎么办，写一句在这里。以后每张卡片上都有，新来的管理员不用再问。只有管理群和值班的人看得到。",
    "mods": "这个群的卡片发到哪个管理群。那个群里的人都看得到卡片上的原话，也能按按钮，选之前想好。",
}
RULE_OF: Mapping[CaseKind, str] = {
    CaseKind.CRISIS: "有人不想活",
    CaseKind.ALLEGATION: "点名指控",
    CaseKind.DOXXING: "私人信息和围堵",
    CaseKind.SPIRAL: "情绪滚雪球",
    CaseKind.REPORT: "成员报上来的",
}
RULES_NONE = "还没写"
RULES_COUNT = "写了 {count} 条"
RULE_ASK = "「{title}」碰到「{kind}」怎么办？回复这条写一句，一百来个字以内。{now}"
RULE_NOW = "\n现在写的是：{line}\n不要了就回「删」。"
RULE_BELOW = "在下面回复我就行。"
RULE_KEPT = "记下了，以后「{kind}」的卡片上都有这一句。"
RULE_GONE = "「{kind}」的那一句拿掉了。"
ON, OFF = "开", "关"
LABEL: Mapping[str, str] = {
    "keen": "多叫人",
    "balanced": "适中",
    "quiet": "少叫人",
    "dry-on": "开，七天",
    "calm-off": "关",
    "calm-group": "在群里说一句",
    "calm-both": "群里一句，再私下递一页",
    "idea-both": "咨询师和管理群",
    "idea-one": "只叫咨询师",
    "always": "一直有声音",
    "hours": "{start} 点到 {end} 点",
    "when": "跟着灵敏度走",
    "when-keen": "早一点",
    "when-balanced": "均衡",
    "when-quiet": "晚一点",
    "usual": "照总设置",
    "pause": "{n} 分钟",
    "each": "每次都响",
    "minutes": "{n} 分钟内只响一次",
    "here": "总管理群",
    "as-all": "跟总设置一样",
    "simplified": "简体字",
    "traditional": "繁體字",
}

ROLE: Mapping[Role, str] = {
    Role.OWNER: "负责人",
    Role.MODERATOR: "管理员",
    Role.COUNSELOR: "咨询师",
}
ROLE_MAY: Mapping[Role, str] = {
    Role.OWNER: "能给人、收人的身份，设置出问题会先告诉 ta",
    Role.MODERATOR: "不在管理群里也能按卡片上的按钮",
    Role.COUNSELOR: "有危险时我私下叫 ta",
}
ROLES_HEAD = "现在有这些人："
ROLES_LINE = "· {role}：{who}{fixed}"
ROLES_FIXED = "（写在设置文件里，要在那里改）"
ROLES_NONE = "还没有人。"
ROLES_HOW = "给身份：回复那个人的一句话发 /grant，或者 /grant 编号。收回来：/revoke，一样的用法。"
OWNERS_ONLY = "给人身份要负责人来。"
GRANT_WHICH = "给 {who} 哪个身份？\n{lines}"
REVOKE_WHICH = "收回 {who} 的哪个身份？"
REVOKE_NOTHING = "{who} 没有在群里给过的身份。"
GRANTED = "{who} 现在是{role}了。"
GRANTED_COUNSELOR = "请 ta 私聊我发一次 /start，不然我叫不到。"
HAS_ALREADY = "ta 已经是{role}了。"
REVOKED = "{who} 不再是{role}了。"
LAST_OWNER = "ta 是最后一位负责人，先给别人，再收 ta 的。"
CANCELLED = "好，不动。"
BUTTON_CANCEL = "算了"
