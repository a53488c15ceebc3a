"""National identity numbers, masked as the Spanish data protection authority asks (AEPD, guidance on the
seventh additional provision of organic law 3/2018): four characters in fixed positions show, the rest are
asterisks.
"""

import re

_DNI = re.compile(r"\d{8}[A-Z]", re.ASCII)
_NIE = re.compile(r"[A-Z]\d{7}[A-Z]", re.ASCII)
_PASSPORT = re.compile(r"[A-Z]{3}\d{6}", re.ASCII)


def mask(national_id: str) -> str:
    """The number as it may be shown: 12345678X as ***4567**, L1234567X as ****4567*, ABC123456 as *****3456.

    A DNI and an NIE show their fourth to seventh digit, and so does any other number that has seven digits; a
    passport, and whatever has fewer digits, shows its last four characters, and a very short one shows
    nothing.
    """
    plain = re.sub(r"[\s.\-/]", "", national_id).upper()
    if _DNI.fullmatch(plain):
        return "***" + plain[3:7] + "**"
    if _NIE.fullmatch(plain):
        return "****" + plain[4:8] + "*"
    if _PASSPORT.fullmatch(plain):
        return "*****" + plain[-4:]
    digits = [at for at, character in enumerate(plain) if character.isdigit()]
    if len(digits) >= 7:
        shown = set(digits[3:7])
    else:
        shown = set(range(len(plain) - 4, len(plain))) if len(plain) >= 7 else set()
    return "".join(character if at in shown else "*" for at, character in enumerate(plain))
