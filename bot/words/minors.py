"""What is added for a member in danger who says of herself that she is under eighteen. Read aloud."""

from __future__ import annotations

from collections.abc import Mapping

TO_MINOR: Mapping[str, str] = {
    "minor-1": "你还没成年，这事不该你一个人扛。有哪个大人你信得过，家里的、学校的都行，去找 ta；家里不安全，就跟来的人直说。",
    "minor-2": "你说了你的年纪。找一个你愿意告诉的大人，亲戚、老师都算，让 ta 陪着你；在家不安全的话，先待在有人的地方。",
    "minor-3": "不到十八岁，不用什么都自己撑着。身边哪个大人你最不怕，就叫 ta 来；不想让家里知道，也可以先跟来的人说为什么。",
}
