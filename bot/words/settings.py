"""What each setting means, in Chinese, for the README; the English stands beside the field.

A setting without an entry here fails a test.
"""

from __future__ import annotations

from collections.abc import Mapping

MEANING: Mapping[str, str] = {
    "bot_token": "BotFather 给的那一串。",
    "moderator_chat": "管理群的编号，卡片发到那里。",
    "counselors": "咨询师的编号，有危险时私下叫他们。",
    "owners": "负责人的编号：缺了什么先告诉他们，也只有他们能给人身份。",
    "data": "放数据库和钥匙的文件夹。",
    "key": "给存下来的字加密的钥匙。不写就自己做一把，放在数据文件夹里。",
    "database_url": "数据库地址（SQLAlchemy 异步写法）。不写就用数据文件夹里的 SQLite。",
    "api_base_url": "Bot API 服务器。自己架的，或者模拟器，才要改。",
    "webhook_url": "收消息的公网 https 地址。不写就自己去 Telegram 取，家里的机器也行。",
    "webhook_secret": "Telegram 每次送消息都带着的密码；设了上面那个地址就要有。",
    "webhook_listen": "webhook 听在哪个地址。",
    "webhook_port": "webhook 听在哪个端口。",
    "http_listen": "/healthz、/readyz、/metrics 听在哪个地址。",
    "http_port": "它们的端口；0 是不开。",
    "model": "换一个模型的文件夹。不写就用自带的。",
    "threads": "模型用几个核。不写就有几个用几个。",
    "resources": "你们自己写的资料页的文件夹：同名的替换，别的加上。",
    "page_approval": "没人担保的、过了期的资料页：off 照样给看；say 给看，并且说明；hold 先不给看（救命的那些一直给）。",
    "script": "没选过的人看简体还是繁体：simplified 或 traditional。",
    "sensitivity": "新的群多灵敏：keen 多叫人，balanced 适中，quiet 少叫人。",
    "spiral_members": "几个人一起往下沉才算情绪滚雪球；写 2，两个人吵架也会叫。",
    "spiral_pause_minutes": "滚过一次以后，多少分钟内不再为那个群叫。长了安静，第二波知道得晚。",
    "spiral_history_minutes": "到手时已经过了这么多分钟的旧消息（停机、导入），只拿来学，不叫人。",
    "spiral_silence_minutes": "这么多分钟没有一句重话，就算过去了。短了，一晚可能叫两回。",
    "spiral_calm_messages": "几句平静的话以后算过去了；接住人的话和管理员的话，一句最多算两句。",
    "ack_imminent_minutes": "马上有危险的，这么多分钟没人接，再叫一遍。",
    "ack_ideation_minutes": "不想活的念头，这么多分钟没人接，再叫一遍。",
    "contact_imminent_minutes": "马上有危险的，接了这么多分钟以后，问接的人联系上没有。",
    "contact_ideation_minutes": "不想活的念头，接了这么多分钟以后，问接的人联系上没有。",
    "take_back_seconds": "管理员对成员做的事先等这么多秒，这时还能撤。",
    "moderator_topic": "管理群分了话题的话，卡片放在哪个话题。",
    "phone_url": "谁都叫不到的时候，去敲这个地址；不带成员的一个字。",
    "phone_secret": "敲的时候签名用的密码；设了上面那个地址就要有。",
    "timezone": "按哪里的时间显示。",
    "log_format": "日志的样子：text 给人看，json 给机器看。",
}
EXAMPLE: Mapping[str, str] = {
    "key": "`qunhu doctor --new-key` 打印的 44 个字符",
    "webhook_secret": "1 到 256 个字母、数字、_、-",
    "phone_secret": "至少 16 个字符",
}
"""Where the English example is words, not a value."""
HEAD = ("变量", "管什么", "不写就是", "例子")
REQUIRED = "**一定要填**"
