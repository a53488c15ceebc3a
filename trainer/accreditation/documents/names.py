"""The name on a certificate: tidied, and refused in words when no typeface can print it."""

import unicodedata

from trainer.core.errors import Invalid
from trainer.core.pdf.faces import SERIF
from trainer.core.pdf.typeset import Unprintable, runs
from trainer.core.text import Text, msg

LONGEST = 200
_LANGUAGES = {
    "GREEK": "el",
    "HEBREW": "he",
    "ARMENIAN": "hy",
    "GEORGIAN": "ka",
    "DEVANAGARI": "hi",
}


def tidy_name(name: str) -> str:
    """The name in composed form (NFC), with single spaces and none at the ends."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def name_problem(name: str) -> Text | None:
    """Why this name cannot be printed, naming the character; None when it can."""
    tidy = tidy_name(name)
    if not tidy:
        return msg("There is no name to print.")
    if len(tidy) > LONGEST:
        return msg(
            "The name has %(length)d characters; a certificate has room for %(most)d.",
            length=len(tidy),
            most=LONGEST,
        )
    try:
        runs(tidy, SERIF)
    except Unprintable as error:
        return character_problem(error.character)
    return None


def language_of(name: str) -> str:
    """The language whose letters these are, as BCP 47 has it, so that a screen reader can pronounce the name;
    "" where the letters do not tell (Latin, and Cyrillic without a letter that only one language has)."""
    letters = {character for character in unicodedata.normalize("NFC", name) if character.isalpha()}
    scripts = {unicodedata.name(letter, "").split(" ")[0].split("-")[0] for letter in letters}
    if scripts == {"CYRILLIC"}:
        return "uk" if letters & set("іїєґІЇЄҐ") and not letters & set("ыэъўЫЭЪЎ") else ""
    if scripts == {"ARABIC"}:
        # Persian, Urdu, Kurdish and others add letters of their own.
        return "ar" if all("\u0621" <= letter <= "\u064a" for letter in letters) else ""
    if scripts <= {"CJK", "HIRAGANA", "KATAKANA"} and scripts & {"HIRAGANA", "KATAKANA"}:
        return "ja"
    if scripts <= {"CJK", "HANGUL"} and "HANGUL" in scripts:
        return "ko"
    return _LANGUAGES.get(scripts.pop(), "") if len(scripts) == 1 else ""


def character_problem(character: str) -> Text:
    """The words about a character that none of our typefaces has."""
    number = f"U+{ord(character):04X}"
    if unicodedata.category(character)[0] in "CZ":
        return msg(
            "The name holds an invisible character (%(number)s %(called)s). Type the name again without it.",
            number=number,
            called=unicodedata.name(character, ""),
        )
    return msg(
        "The name holds “%(character)s” (%(number)s), which none of the typefaces here can print. "
        "Certificates can carry names in Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew, Arabic, "
        "Devanagari, Chinese, Japanese and Korean writing; please agree with the person on a spelling that "
        "can be printed.",
        character=character,
        number=number,
    )


def check_name(name: str) -> str:
    """The name as it will be printed. Raises Invalid, naming the character that no typeface here has."""
    problem = name_problem(name)
    if problem is not None:
        raise Invalid(problem)
    return tidy_name(name)
