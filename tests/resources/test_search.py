"""Her own words lead to the right page."""

import pytest

from resources import Catalogue, load_catalogue

CATALOGUE: Catalogue = load_catalogue()

ASKED = [
    ("医院只肯给我一部分病历，其他说不能给", "copy-records"),
    ("我拿不出医院做错的证据怎么告", "burden-of-proof"),
    ("都过去两年半了还来得及起诉吗", "limitation"),
    ("没上班的家庭主妇误工费能要吗", "compensation-items"),
    ("听说街道可以调解医疗纠纷，要钱不", "mediation"),
    ("办的卡还剩好多次他们就关店了", "prepaid-refund"),
    ("没收入能不能申请免费律师", "legal-aid"),
    ("发帖说他们家做坏了我的鼻子会不会吃官司", "speak-safely"),
    ("法院要我先交鉴定的钱", "appraisal-steps"),
    ("我的脸被印在他们海报上", "my-photos-used"),
    ("理发店楼上打瘦脸针", "beauty-salon"),
    ("医生执业地点不在这家", "check-doctor"),
    ("韩国来的院长有好多奖牌", "fake-titles"),
    ("嘴唇打完一块一块发紫", "filler-emergency"),
    ("额头打完眼睛疼看不到", "vision-loss"),
    ("抽脂后大腿一直渗血止不住", "bleeding"),
    ("能不能自己把线头剪了", "no-self-fixing"),
    ("一看到手术灯就浑身哆嗦", "flashbacks"),
    ("老觉得鼻子有问题去了五家医院都说没问题", "bdd-signs"),
    ("哪里有便宜的心理咨询", "mind-cost"),
    ("怕吃药变胖", "medication-myths"),
    ("她在哈尔滨我在广州她要自杀", "far-away-danger"),
    ("把喜欢的东西都送人了", "warning-signs"),
    ("人在九龙，想找个会讲普通话的人倾诉", "hotlines-hk"),
    ("管理员凭什么禁言我", "appeal"),
    ("不服管理员的处理", "appeal"),
]


@pytest.mark.parametrize(("words", "page_id"), ASKED, ids=[words for words, _ in ASKED])
def test_everyday_words_that_no_page_holds_find_the_right_page(words: str, page_id: str) -> None:
    assert all(words not in page.questions for page in CATALOGUE)
    assert CATALOGUE.search(words)[0].page.id == page_id


def test_every_question_of_a_page_finds_that_page_among_the_first_three() -> None:
    lost = [
        (question, page.id)
        for page in CATALOGUE
        for question in page.questions
        if page.id not in [hit.page.id for hit in CATALOGUE.search(question, limit=3)]
    ]
    assert lost == []


@pytest.mark.parametrize("words", ["", "  ", "？！", "哈哈哈哈", "嗯", "🙏🙏"])
def test_nothing_is_found_where_nothing_fits(words: str) -> None:
    assert CATALOGUE.search(words) == []


@pytest.mark.parametrize(
    "words",
    ["今天天气怎么样", "苹果手机怎么截图", "猫咪不吃饭", "世界杯谁赢了", "高铁票怎么抢"],
)
def test_a_chance_likeness_is_never_sure(words: str) -> None:
    assert not any(hit.sure for hit in CATALOGUE.search(words))


def test_hits_come_best_first_and_no_more_than_asked_for() -> None:
    hits = CATALOGUE.search("怎么复印病历", limit=3)
    assert len(hits) == 3
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert hits[0].sure


def test_the_passage_shown_is_the_one_that_answers() -> None:
    assert "五到二十倍" in CATALOGUE.search("没有执业许可罚违法所得几倍")[0].passage


def test_an_exact_title_finds_its_page_first() -> None:
    wrong = [page.id for page in CATALOGUE if CATALOGUE.search(page.title)[0].page is not page]
    assert wrong == []
