"""/privacy, and what is said when the bot or a member comes into a group. Times come from the rules."""

from __future__ import annotations

from bot.words.kept import in_days
from moderation.storage.retention import rule_of


def _days(table: str) -> str:
    rule = rule_of(table)
    kept = rule.kept or rule.fades
    assert kept is not None
    return in_days(kept)


PRIVACY = (
    "我会读群里的文字，还有你私下跟我说的话，看有没有危险；读完就丢，不存。"
    f"读字的模型坏了的时候，没读到的加密等它回来，最多 {_days('second_looks')}。最近几十句在内存里，最多一小时，用来看懂下一句，也给处理急事的人看前后文，不写进硬盘。\n"
    f"要人处理的那一句会加密存着，只有值班的管理员和咨询师看得到，事情了结 {_days('cases')}后删掉；一直没了结的，{_days('signals')}没有新动静，先擦掉那句话。你的账号加密或换成编号，时间一样。\n"
    "安全计划只在你和我的聊天里，我记的是它在第几条；你按了「加密替我存一份」我才另存，按「擦掉」就都没了。问候你的回话转给陪你的咨询师，我只记回没回、好不好。\n"
    f"判断在自己的机器上做，不传给别的公司。收到和发出的内容处理完就删，编号最多再留 {_days('inbox')}，免得重复；发给值班的人的那几张，编号跟着那件事。\n"
    "/evidence 和 /timeline 里你自己写的，加密存着，只给你看，按「全部擦掉」就没了。\n"
    f"用 /ask 问了没找到答案的，那句话不带名字留 {_days('unanswered')}给写资料的人看，可以当场不留。\n"
    "我没法单单不读你一个人：不愿意被读，可以只看不说，或者退群，记过的用 /forgetme 擦掉。\n"
    "未满 14 岁的，请家里大人跟你一起看这一页，要不要用由你们一起定；有危险的时候，我先叫人。\n"
    "跟你有关的都给你看：/mydata。都擦掉：/forgetme，一分钟内，有人正在为你忙的急事等他们放下再擦。"
)
PRIVACY_IN_GROUP = (
    "我读什么、留什么、谁看得到，点下面私下看。想看跟自己有关的，或者擦掉，也在里面。"
)
KEPT_LIST = "跟你有关的，能存下来的就这些：\n{lines}"
MAYBE_MINOR = "可能未成年，自己说的：先问在家安不安全，再跟 ta 商量告诉谁"
BUTTON_KEPT = "一样一样，留多久"
BUTTON_SHOW = "把我的给我看"
WELCOME = (
    "刚进来的朋友，这个群有我，群护，一个程序。我看群里的字，有人撑不住就去叫值班的人；看完不存，要人处理的那句才加密留着。\n"
    "我记了什么：/privacy　要帮忙：/help　不想被我记着：/forgetme"
)
