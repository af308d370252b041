"""What the bot says around pages: finding them, turning them, vouching for them."""

from __future__ import annotations

BUTTON_NEXT = "下一张 ›"
BUTTON_BEFORE = "‹ 上一张"
BUTTON_SOURCES = "依据"
BUTTON_PLAIN = "整页纯文字"
BUTTON_TRADITIONAL = "繁體字"
BUTTON_SIMPLIFIED = "简体字"
SCRIPT_CHOSEN = "好，以后这样写给你看。"

OVERDUE = "这页该在 {day} 前再核一次，还没核。里面的期限和号码，用之前再问一遍。"
UNAPPROVED = "这页还没有本群的人核过。"
APPROVED = "本群 {who} 在 {day} 核过。"

ASK_PROMPT = "想问什么？直接回复这条，用你自己的话。很急先打 120 或 110。"
FOUND = "这页最像你问的："
FOUND_PERHAPS = "不太确定是不是你要的，最近的是这几页："
FOUND_LIST = "找到这些，先看最上面那页："
FOUND_NOTHING = (
    "我这里没有写这件事的页面，不硬凑给你。换个说法再问一次，或者从菜单里找；要真人也可以。"
)
QUESTION_KEPT = "你问的这句（不带名字）留给写资料的人看，90 天后删。不想留就按下面。"
BUTTON_DROP_QUESTION = "别留我这句"
QUESTION_DROPPED = "删了，没留。"
IN_GROUP_FOUND = "这页也许用得上：《{title}》。点下面私下看。"
IN_GROUP_NOTHING = "这件事我没有现成的页面。点下面，我们私下找。"
BUTTON_MENU = "从菜单里找"

# --- For those who look after the pages -----------------------------------------------------------

PAGES_DUE = "有 {count} 页资料该复核了：\n{pages}\n核完用 qunhu resources approve 记下来。"
PAGE_DUE = "· {title}（{page}）{day} 到期"
PAGES_MORE = "……还有 {count} 页，看 qunhu resources status"
QUESTIONS_WAITING = "还有 {count} 个问题没找到页面，看 qunhu resources questions"

FORM_HOW = (
    "加一页或换一页：把下面这张表复制过去，填好，发回给我。发来前先想：谁核过，出处在哪。\n"
    "编号写成英文小写加短横线；跟已有的一样，就是换掉那一页。"
)
FORM_NOT_YOURS = "加页面要管理员来。你觉得缺什么，用 /ask 问一句，写资料的人会看到。"
FORM_PROBLEMS = "还差几处，改好再发一次，你填的都还在上面：\n{problems}"
FORM_PREVIEW = "会这样显示。没问题就放上去，你的名字会记在这页上。"
BUTTON_PUBLISH = "放上去"
FORM_PUBLISHED = "放上去了，大家现在就搜得到。拿下来发 /droppage {page}"
FORM_DROPPED = "拿下来了。要是换的是原有的页面，原来那页又在了。"
FORM_NOTHING = "没找到这个编号的页面，可能已经拿下来了。"
FORM_LATE = "这张表我找不到了，请再发一次。"

FORM_FIELDS = {
    "id": "编号",
    "title": "标题",
    "summary": "一句话",
    "section": "放在哪",
    "aliases": "别名",
    "questions": "大家会怎么问",
    "first": "第一步",
    "body": "正文",
    "sources": "依据",
    "recheck": "复核",
}
FORM_HINTS = {
    "id": "（英文小写加短横线，像 legal-corner 这样）",
    "title": "（24 字以内）",
    "summary": "（40 字以内）",
    "section": "（维权、查证、身体、心里、紧急、这个群，选一个）",
    "aliases": "（别的叫法，顿号隔开）",
    "questions": "（一行一句，至少四句）",
    "first": "（看完这页，现在就能做的一件事）",
    "body": "（短句，空一行分段）",
    "sources": "（一行一条，《法名》第几条，或者谁的建议）",
    "recheck": "（最迟哪天再核，写 2027-05-01 这样）",
}
FORM_MISSING = "「{field}」还没填"
FORM_SECTION = "「放在哪」写这几个里的一个：{choices}"
FORM_DAY = "「复核」写的是「{text}」，写成 2027-05-01 这样"
