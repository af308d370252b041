"""What `qunhu who` prints to whoever sets the bot up, in both languages of the READMEs."""

GROUP = "群 group"
PERSON = "人 person"
NOBODY = (
    "这一天里没有听到谁。在管理群里发一句 /start，请值班的人私聊我发 /start，再来看一次。\n"
    "Nobody in the last day: send /start in the moderators' group and in private, look again."
)
NEXT = (
    "管理群填 QUNHU_MODERATOR_CHAT，值班咨询师填 QUNHU_COUNSELORS，你自己填 QUNHU_OWNERS。\n"
    "The moderators' group, the counselors, and you: those settings, in this order."
)
REFUSED = (
    "Telegram 不认这个令牌。去 @BotFather：/mybots，API Token，整串抄过来。\n"
    "The token is refused: @BotFather, /mybots, API Token."
)
BUSY = (
    "机器人正在跑，只有一个能听。先停下它；或者负责人在管理群里回复那个人，发 /grant，不用编号。\n"
    "The bot is running, and only one may listen: stop it, or reply with /grant in the moderators' group."
)
UNREACHED = (
    "连不上 Telegram（{error}）。看看网络；要代理就设 HTTPS_PROXY。\n"
    "Telegram cannot be reached: check the network, or set HTTPS_PROXY."
)
