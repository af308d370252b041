"""The evening: a dozen invented members, what they say, and what must come of it."""

from __future__ import annotations

from dataclasses import dataclass

from moderation.vocabulary import CaseKind

GROUP = "暖灯·鼻眼修复互助群"
MODERATORS = "群护管理（只有管理员）"
MEMBERS = (
    "小岚",
    "阿梅",
    "晓棠",
    "苗苗",
    "静静",
    "阿Ken",
    "豆豆妈",
    "林姐",
    "橙子",
    "一一",
    "大刘",
    "夏夏",
)
ADMIN = "群主老周"
MODERATOR = "管理员小何"
COUNSELOR = "值班咨询师沈"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing somebody says; `expects` is the alert that must follow, `quiet` that none may."""

    who: str
    text: str
    reply_to: str | None = None
    """The start of the message it answers."""
    expects: CaseKind | None = None
    disguised: bool = False
    may: CaseKind | None = None
    """An alert that may follow: whoever holds somebody in danger speaks of that danger."""


def calm(who: str, text: str, reply_to: str | None = None) -> Line:
    """A line from which nothing may follow."""
    return Line(who, text, reply_to)


CRISIS, ALLEGATION = CaseKind.CRISIS, CaseKind.ALLEGATION

EVENING: tuple[Line, ...] = (
    calm("豆豆妈", "大家晚上好呀，今天拆线，疼死我了哈哈"),
    calm("阿Ken", "恭喜拆线！我第七天才拆的"),
    calm("林姐", "拆完记得涂疤膏，别急着化妆"),
    calm("橙子", "笑死，我拆线那天医生手抖我比他还抖"),
    calm("苗苗", "请问修复面诊要带什么资料啊"),
    calm("林姐", "病历复印件、之前的照片，按日期排好，最有用"),
    calm("一一", "我在市里的公立医院挂了整形外科，排到下周三"),
    Line(
        "夏夏",
        "我跟你们说，给我做鼻子的贺庭川院长根本没有医师证，上个月还做死过一个人",
        expects=ALLEGATION,
    ),
    calm("晓棠", "我也是在外面做的，术后第五天发炎，他们只让我多喝水，我现在有出院小结和照片"),
    calm("静静", "张医生靠谱吗？有人在他那里修过吗"),
    calm("阿Ken", "没修过，不过可以先去查他的执业地点"),
    Line("夏夏", "/rights"),
    calm("豆豆妈", "今天楼下奶茶第二杯半价，冲了"),
    calm("橙子", "这个价格要命，我昨天刚原价买的"),
    Line(
        "小岚",
        "姐妹们，群里的资料我都传给林姐了，猫也托给妈妈了，谢谢你们这一年。药我攒够了，今晚就走",
        expects=CRISIS,
    ),
    Line("林姐", "小岚你在哪里，接电话", may=CRISIS),
    Line("一一", "小岚看到回一句好吗，我们都在", may=CRISIS),
    Line(
        "大刘",
        "我老婆把自己锁在浴室里，说对不起我，门反锁了怎么都不开，电话也不接，怎么办",
        expects=CRISIS,
    ),
    Line(
        "静静", "有时候真的不想huo了，紫砂算了，照镜子都认不出自己", expects=CRISIS, disguised=True
    ),
    calm("林姐", "抱抱静静，我当时也是三个月不敢照镜子，后来慢慢消了"),
    calm("阿梅", "有没有人知道医调委怎么申请"),
    calm("阿Ken", "要双方同意，不收钱，带上身份证和病历去问就行"),
    Line("晓棠", "/psych"),
    calm("苗苗", "我们这辈子都毁了，没有一个能好的"),
    calm("橙子", "是啊，脸毁了，工作也毁了，维权根本没用，我恨死他们了", reply_to="我们这辈子"),
    calm("阿梅", "我也是，天天哭，这种日子没有头，我们都完了", reply_to="是啊，脸毁了"),
    Line(
        "夏夏",
        "对，谁都救不了我们，都别挣扎了，全毁了",
        reply_to="我也是，天天哭",
        expects=CaseKind.SPIRAL,
    ),
    calm("林姐", "大家先停一停，去喝口水，我在这儿，一会儿一个一个说"),
    calm("阿Ken", "对，先喝水。我给大家看我家猫[图片]"),
    calm("豆豆妈", "哈哈哈哈你家猫好胖"),
    calm("一一", "好，我去洗把脸再回来"),
    calm("苗苗", "嗯，刚才有点激动了，我也去喝水"),
)
