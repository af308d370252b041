"""What owners and moderators hear when something of the bot does not work as it should, and when it does again."""

from __future__ import annotations

from collections.abc import Mapping

ENTERED: Mapping[str, str] = {
    "no_model": "看消息的模型停了，正在自己重启。这段时间只靠安全词，明说的能看到，绕着说的会漏。等它回来，麻烦你们多看一眼群里。",
    "slow_model": "看消息的模型变慢了，消息在排队。像有危险的先看，其他的晚一点，一条都不会丢。多半是机器太忙，可以看看上面还跑着什么。",
    "telegram": "有一阵连不上 Telegram 了。大家说的话 Telegram 那边会留一天，连上就补。着急的事，这段时间请用电话联系。",
    "disk": "硬盘快满了。再满下去新消息就存不住，也就看不到了。请尽快腾出一些地方，至少 1 GB。",
    "database": "数据库变得很慢，或者被别的程序占着。消息还在收，处理会晚。请看看是不是有备份或别的程序开着它。",
    "clock": "机器的时钟突然跳了一下。提醒和排班的时间可能不准，请看看系统时间对不对。",
    "nobody": "现在没有一位咨询师收得到我的私信。有危险的消息我会直接叫管理群。请让值班的人私下给我发一次 /start。",
    "behind": "有叫人的消息发不出去，已经拖了一分钟以上。我还在一遍遍试。请先自己看看群里，有危险直接打电话。",
}
READ_LATE = "发出时模型停着，刚刚补看到"
"""On the card of a message that the model read later."""
LEFT: Mapping[str, str] = {
    "no_model": "模型回来了，照常在看。停的那段时间只用安全词看过的话，正在一条条补看，像有危险的先看；超过一天的补不了，请往回翻一翻。",
    "slow_model": "模型跟上来了，排着的都看完了。",
    "telegram": "又连上 Telegram 了，断的那段正在补。",
    "disk": "硬盘又有地方了。",
    "database": "数据库恢复了，攒下的消息正在处理。",
    "clock": "时钟稳住了。",
    "nobody": "又有咨询师收得到我的私信了。",
    "behind": "拖着的消息都发出去了。",
}
