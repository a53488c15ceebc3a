"""Who and what the demo is made of. Organisations and people are fictional; the names carry what names of the region carry.

The first edition follows the published course in its outline: sixteen began, eight from each of two X
"""

from __future__ import annotations

from dataclasses import dataclass

PROVIDER = ("ROURE", "Fundació Roure Comunitari")
UNIVERSITY = ("UCX", "Universitat de la Conca (exemple)")
ENTITIES = (("ALZINA", "Associació Alzina"), ("RIUVERD", "Cooperativa Riu Verd"))
HOSTS = (
    ("CRCB", "Servei de Rehabilitació Comunitària del Bages"),
    ("CRCO", "Servei de Rehabilitació Comunitària d’Osona"),
)
VENUES = ("Casal Cardener, Manresa", "Centre Cívic Gurri, Vic")

STAFF = (
    # role, given name, family name, organisation, e-mail's local part, language, lived experience
    ("admin", "Àlex", "Güell i Marçó", None, "admin", "ca", False),
    ("organiser", "Mercè", "Torrallardona i Coll", "ROURE", "organitza", "ca", False),
    ("trainer", "Gal·la", "Puigdevall i Ferrús", "ROURE", "formadora", "ca", True),
    ("assessor", "Iñaki", "Muñoz-Etxeberria", "ROURE", "avalua", "es", False),
    ("registrar", "Assumpció", "Vila-Abadal i Serra", "UCX", "registre", "ca", False),
    ("supervisor", "Jordi", "Peñarroya Solé", "CRCB", "referent", "ca", False),
    ("supervisor", "Roser", "Clavell i Ñaco", "CRCO", "referent.osona", "ca", False),
)


@dataclass(frozen=True)
class Trainee:
    """One person: `marks` has a letter a session.

    P present, A absent, X excused, U unmarked, L late and E left early with the minutes attended, - not there any more.
    """

    given_name: str
    family_name: str
    marks: str
    story: str
    language: str = "ca"
    certificate_name: str | None = None

    @property
    def email(self) -> str:
        """A made-up address on a domain that cannot exist."""
        import unicodedata

        plain = unicodedata.normalize(
            "NFKD", f"{self.given_name}.{self.family_name.split()[0]}".replace("·", "")
        )
        return (
            "".join(c for c in plain.lower() if c.isascii() and (c.isalnum() or c in ".-")) + "@example.org"
        )


# Stories: completed, in_placement, no_placement, one_competency, one_minute (1,919 of 1,920), left_at_4, left_at_2.
FIRST_EDITION = (
    Trainee("Marcel·la", "Gallifa i Bonet", "P P P P P P P P P P", "completed"),
    Trainee("Joan-Ramon", "Cañellas Prat", "P P A P P P P P P P", "completed"),
    Trainee(
        "Fàtima",
        "El Haddaoui",
        "P P P P L210 P P P X P",
        "completed",
        certificate_name="Fatima Zahra El Haddaoui",
    ),
    Trainee("Begoña", "Ibáñez de la Torre", "P A P P P P P A P P", "completed", "es"),
    Trainee("Pol", "Solà-Morales i Riera", "P P P E180 P P P P P P", "completed"),
    Trainee("Núria", "Peñafiel i Puig-Antich", "P P P P P P P P A P", "completed"),
    Trainee("Àngels", "Codina i Lluçà", "X P P P P P P P P P", "completed"),
    Trainee("Iker", "Núñez Agirre", "P P P L225 P A P P P P", "completed", "es"),
    Trainee("Laia", "Farràs i Gómez", "P P P P P P P P P P", "completed"),
    Trainee("Wenceslau", "Oliveras Camprubí", "P P P P P P A P P E200", "completed"),
    Trainee("Sílvia", "Corominas i Mañé", "P P P A P P P P P P", "in_placement"),
    Trainee("Oriol", "Bassols Güibas", "P P P P P P P A P P", "no_placement"),
    Trainee("Dolors", "Argemí i Vallès", "P A P P A P P P P P", "one_competency"),
    Trainee("Hug", "Sant-Miquel Peña", "P P A P P A P P L239 A", "one_minute"),
    Trainee("Rocío", "Jiménez Cárdenas", "P P A P - - - - - -", "left_at_4", "es"),
    Trainee("Xènia", "Ribó Farguell", "P A - - - - - - - -", "left_at_2"),
)

# The edition of today, at week six of ten: five sessions held. Stories: steady, thin, unmarked, unreachable, paused, left_at_3.
SECOND_EDITION = (
    Trainee("Aina", "Vilaró i Casañas", "P P L200 P P", "steady"),
    Trainee("Ramon", "Serrallonga Puig", "P P P P P", "steady"),
    Trainee("Ousmane", "Diallo", "P P P A P", "steady", "es"),
    Trainee("Mireia", "Cabanyes i Llobet", "P P P P E150", "steady"),
    Trainee("Raül", "Muñoz i Ballús", "P A P A P", "thin"),
    Trainee("Gemma", "Tuñí Arnau", "A P P P E120", "thin"),
    Trainee("Estel·la", "Casafont Roig", "P P P P P", "waiver"),
    Trainee("Pere-Lluís", "Òdena i Grañó", "P P U P P", "unmarked"),
    Trainee("Yolanda", "Márquez Peñalver", "A A P A P", "unreachable", "es"),
    Trainee("Biel", "Capdevila Sunyer", "P P X P P", "steady"),
    Trainee("Carme", "Nogué i Güell", "P P P - -", "paused"),
    Trainee("Arnau", "Espuña Tió", "P P P P P", "steady"),
    Trainee("Ingrid", "Sellarès Vidal", "P P P P X", "steady", "en"),
    Trainee("Teodor", "Mas-Bover i Coll", "P L180 P P P", "steady"),
    Trainee("Nadia", "Benali", "P P P P P", "steady", "es"),
    Trainee("Quim", "Rovira de l’Hospital", "P P A - -", "left_at_3"),
)

SIGNATORIES = (
    {"name": "Remei Casadevall i Oliu", "position": {"ca": "Rectora", "es": "Rectora", "en": "Rector"}},
    {
        "name": "Esteve Ñíguez Rofes",
        "position": {"ca": "Secretari general", "es": "Secretario general", "en": "Secretary general"},
    },
)
