"""What counselors read when a shift ends and the next begins. Read aloud before changing."""

from __future__ import annotations

LEAVING = "你的班到 {at} 了，手上还有 {count} 件没办完的事："
LEAVING_QUIET = "你的安静时段到了，手上还有 {count} 件没办完的事："
NEXT = "接下来是 {who} 的班。要交就点名字，没点的还是你的。"
NOBODY_NEXT = "接下来没有排班，交出来我去叫醒着的咨询师。没点的还是你的。"
BUTTON_GIVE = "交出去：{name}"
BUTTON_KEEP = "都由我接着跟"
KEPT = "好，这几件还是你的。记得也歇一歇。"
GIVEN = "交出去了，我去叫接手的人。"
ASK_LINE = (
    "「{name}」这件交出去了。想给接手的人留一句，就回复这条：说到哪儿了，ta 在等什么。不写也行。"
)
LINE_KEPT = "记下了，接手的人看得到。"
LINE = "　「{line}」"
ARRIVING = "你的班开始了，到 {at}。"
NOTHING_OPEN = "眼下没有没办完的事。"
STILL_OPEN = "没办完的有 {count} 件："
CASE_LINE = "{number}. {what}　{name}　{state}"
BUTTON_CARD = "看卡片：{name}"
CARD_BELOW = "卡片在下面。"
MORE = "还有 {count} 件，在管理群的卡片里。"
