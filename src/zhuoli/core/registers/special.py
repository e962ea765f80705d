"""Words that give away a special category of personal information.

Personal Information Protection Law art. 28 (biometrics, religion, health …), and the mission's own line: no political,
ethnic, religious or health attribute, no face. Registers and queries that name one are refused.
"""

from __future__ import annotations

import re

_CHINESE = re.compile(
    "民族|宗教|信仰|教派|政治面貌|党派|党员|政审|前科|上访|信访人|重点人|健康状况|疾病|病史|病情|精神障碍|残疾类别"
    "|艾滋|吸毒|血型|基因|指纹|虹膜|声纹|人脸|步态|性取向|积分|信用分|风险分|评分等级"
)
_ENGLISH = re.compile(
    r"(?:^|_|\b)(?:ethnic|ethnicity|nationality_group|religion|religious|faith|political|politics|party_member|petitioner"
    r"|watch_?list|health|disease|diagnosis|disability|drug_user|blood_type|genome|gene|fingerprint|iris|voiceprint|face"
    r"|gait|sexual_orientation|risk_score|person_score|loyalty)(?:$|_|\b)",
    re.IGNORECASE,
)


def special_word(*names: str) -> str:
    """Return the word in one of ``names`` that gives a special category away; empty where none does."""
    for name in names:
        found = _CHINESE.search(name) or _ENGLISH.search(name)
        if found:
            return found[0].strip("_")
    return ""
