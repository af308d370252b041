"""What is said around a member's own papers: evidence, her story, her dates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Slot(NamedTuple):
    """One thing to gather."""

    label: str
    hint: str


class DateAsked(NamedTuple):
    """One date that deadlines are counted from."""

    label: str
    hint: str


SLOTS: Mapping[str, Slot] = {
    "records": Slot(
        "病历",
        "可以要全部：门诊、同意书、手术和麻醉记录、护理、费用单。每页盖印记。封存过的留好清单。",
    ),
    "photos": Slot("伤情照片", "同一个光、同一个角度，带日期。原图别删，云端和硬盘各一份。"),
    "contract": Slot("合同和同意书", "没给你的那份，写下哪天签的、谁让签的，去要一份。"),
    "payments": Slot("付款记录", "转账、刷卡、收据、发票、充值卡余额。贷款合同也算。"),
    "chats": Slot("聊天记录", "客服、咨询、医生。手机别换、别删，截图要看得到对方账号和时间。"),
    "ads": Slot("广告和宣传", "朋友圈、直播、海报。录屏，把网址、账号、时间录进去。"),
    "people": Slot(
        "在场的人", "谁陪你去的，谁接待的，谁动的手。只记你看到的和称呼，不写住址电话。"
    ),
    "products": Slot("药械包装", "盒子、贴纸、批号、合格证。先拍照，实物留着别扔。"),
    "elsewhere": Slot("别家的诊断", "复诊、急诊、心理门诊的病历和检查单。"),
    "costs": Slot("花掉的和少挣的", "修复、交通、护理的票据，请假和工资的证明。"),
}
DATES: Mapping[str, DateAsked] = {
    "treated": DateAsked("做的那天", "做了几次的，写出问题的那次。"),
    "known": DateAsked("知道的那天", "知道自己受了伤、也知道该找谁的那天。拿不准写最早的。"),
    "demanded": DateAsked("最近一次书面要求赔偿", "你用文字向对方要求赔偿，或者对方答应赔的那天。"),
    "asked_records": DateAsked("书面要病历", "交申请或者寄出去的那天。"),
    "sealed": DateAsked("封存病历", "双方签封存清单的那天。"),
    "consumer": DateAsked("12315 投诉", "投诉交上去的那天。"),
    "health": DateAsked("向卫健申请调解", "申请交上去的那天。"),
    "agreement": DateAsked("调解协议生效", "双方签章的那天。"),
    "appraisal": DateAsked("收到事故鉴定书", "拿到首次鉴定结论的那天。"),
    "judgment": DateAsked("收到一审判决", "签收的那天。"),
}

HOME = (
    "这是你自己的证据单子，只有你看得到，加密存着，随时可以擦掉。\n"
    "有一样勾一样，不用一次理完。这里只记字，照片和原件留在你自己手里。"
)
HOME_COUNT = "齐了 {done} 样，还有 {left} 样。"
SLOT_EMPTY = "还没记什么。"
STORY_HOME = "你自己的经过，按日子排。写你看到的、听到的、做的，不用写评价。"
STORY_EMPTY = "还没写。从最记得的那天开始就行，不用按顺序。"
DATES_HOME = "填你有的日子，没有的空着。"
CAUTION = "只帮你记日子，不是法律意见。算不准按最早的那天来，拿不准问 12348 或律师。"
WORKDAYS = "工作日没扣法定假日，碰上放假会往后推。"
DEADLINE = "· {day}　{what}（{basis}）　还有 {days} 天"
DEADLINE_TODAY = "· {day}　{what}（{basis}）　就是今天"
DEADLINE_PAST = "· {day}　{what}（{basis}）　这天过了，先别放弃，带上催过的记录去问一声"

IN_GROUP = "这是你自己的东西，群里不看。点下面，我们私下弄。"
NOTE_ASK = "【{label}】记一句\n回复这条：有什么、在哪、哪天的。最多 {most} 字。"
STORY_ASK = (
    "【经过】写一条\n回复这条，先写日子，再写发生了什么。好几天的话，一天起一行。\n"
    "比如：2025-3-1 去面诊，他们说不会留疤。\n日子不记得，写「不记得」。"
)
DATE_ASK = "【{label}】哪天\n{hint}\n回复这条，写日子，比如 2025-3-1。想去掉写「去掉」。"
REMOVE = ("去掉", "删掉", "没有")
NO_DAY = "不记得"

NOTE_KEPT = "记下了。"
STORY_KEPT = "记下了 {count} 条。"
NOT_A_DAY = "这个日子我没看懂：「{text}」。写成 2025-3-1 这样再回复一次，你写的还在上面。"
FUTURE_DAY = "「{text}」还没到。看看年份，再回复一次。"
TOO_LONG = "有点长，一条最多 {most} 字。分成几条再发一次，你写的还在上面。"
ONLY_WORDS = "这里只记字。照片留在你自己手机和云端，回复一句写它在哪就行。"
FULL = "存满了（{most} 条）。先导出一份，再删几条。"
EDITED = "改过的字我没有跟着改。要改的话，去掉那条再写一次。"
NOT_YOURS = "这一条找不到了。"

BUTTON_TICK, BUTTON_UNTICK = "☑ 有了", "☐ 还没有"
BUTTON_NOTE = "记一句"
BUTTON_UNDO_NOTE = "去掉最后一句"
BUTTON_STORY = "经过"
BUTTON_DATES = "日子和期限"
BUTTON_ADD = "写一条"
BUTTON_TAKE = "去掉一条"
BUTTON_PDF, BUTTON_TEXT = "导出 PDF", "导出文字"
BUTTON_REMIND, BUTTON_STOP = "每周提醒我", "别再提醒"
BUTTON_ERASE, BUTTON_ERASE_YES = "全部擦掉", "确定，全部擦掉"
BUTTON_OPEN = "打开看看"
BUTTON_BACK = "返回"
BUTTON_EARLIER, BUTTON_LATER = "‹ 早些", "晚些 ›"
TAKE_WHICH = "去掉哪一条？去掉就找不回来了。"

TICKED, UNTICKED = "勾上了。", "取消了。"
NOTE_GONE = "去掉了。"
REMIND_ON = "好，每周这个时候提醒你一次，随时可以停。"
REMIND_OFF = "不提醒了。单子还在。"
NUDGE = "一周了，证据单子还有 {left} 样没勾。今天想理一样吗？不想也没事。"
NUDGE_DUE = "这几天到期的：\n{lines}"
ERASE_ASK = "擦掉以后，单子、经过、日子都找不回来，我这边一个字不留。要先导出一份吗？"
ERASED = "都擦掉了。聊天里我发过的和你写的，要你自己长按删掉。"
EXPORTED = "发给你了。它现在在聊天里，不加密，存好就可以删掉这条。"

FILE_NAME = "我的材料-{day}"
FILE_TITLE = "我的材料"
FILE_LEAD = "导出于 {day}。由本人记录，供律师或办案人员了解经过；原件由本人保管。"
FILE_EVIDENCE = "一、证据清单"
FILE_STORY = "二、经过"
FILE_DATES = "三、日子和期限"
FILE_NONE = "（没有）"
FILE_HAVE, FILE_LACK = "［有］", "［缺］"
FILE_NO_DAY = "日子不记得"
FILE_PAGE = "第 {page} 页，共 {pages} 页"
