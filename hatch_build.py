"""Build hook: compiles the translation catalogues, and puts migrations and curricula into the wheel."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCatalogues(BuildHookInterface):
    """Writes messages.mo beside every messages.po under trainer/translations."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po

        for po in Path(self.root, "trainer", "translations").glob("*/LC_MESSAGES/*.po"):
            with po.open("rb") as source, po.with_suffix(".mo").open("wb") as target:
                write_mo(target, read_po(source, locale=po.parent.parent.name))
        if version == "standard":  # an editable install reads them from the checkout
            for name in ("migrations", "curriculum"):
                build_data["force_include"][str(Path(self.root, name))] = f"trainer/_data/{name}"
