"""Who plays in a rehearsal and what they file, drawn from a seed alone: no database, no clock but the year given.

The sizes are those of the real first call of the FTAP (its source: 122 candidates, of which 15 ministries and 42
public bodies, 85 % digital, 827 M€ asked for a total cost of 2,31 Md€, 17 laureates for 126 M€), scaled.
"""

import random
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.text import slugify

from accounts.models import Organisation
from fondsportal.demo.facts import DIGITAL, read
from fondsportal.demo.rehearsal import names, texts

Kind = Organisation.Kind
REAL_SIZE, REAL_CALL = 122, "ftap-2018-1"
KNOWN_LAUREATES = 8
ENVELOPE = 200_000_000
LARGEST = 150  # beyond, the scaled grants near the envelope of the year
THRESHOLD = 500_000


@dataclass(frozen=True)
class Scale:
    """How many of everything, for a number of applications."""

    size: int

    def of(self, real):
        return round(real * self.size / REAL_SIZE)

    @property
    def laureates(self):
        return max(1, self.of(17))

    @property
    def known(self):
        return min(KNOWN_LAUREATES, self.laureates)

    @property
    def ineligible(self):
        return self.of(4) if self.size < 6 else max(1, self.of(4))

    @property
    def shortlisted(self):
        return min(self.size - self.ineligible, max(self.laureates + 1, self.of(40)))

    @property
    def digital(self):
        return round(0.85 * self.size)

    @property
    def reserve(self):
        return min(self.shortlisted - self.laureates, max(1, self.of(6)))

    @property
    def deferred(self):
        return min(self.shortlisted - self.laureates - self.reserve, self.of(3))

    @property
    def requested(self):
        return self.of(827_000) * 1000

    @property
    def total_cost(self):
        return self.of(2_310_000) * 1000

    @property
    def granted(self):
        return self.of(126_000) * 1000


@dataclass(frozen=True)
class Carrier:
    """A body that files; `real` ones only ever carry a project that was really a laureate."""

    slug: str
    name: str
    kind: str
    acronym: str = ""
    real: bool = False


@dataclass
class Project:
    """One application with its fate. Amounts are whole euros; everything but a known name is invented."""

    title: str
    carrier: Carrier
    themes: list
    subject: names.Subject
    solution: names.Solution
    fact: dict | None = None
    fate: str = "not_shortlisted"
    quality: float = 0.4
    grant: int = 0
    requested: int = 0
    total_cost: int = 0
    returned: bool = False
    answers: dict = field(default_factory=dict)
    financing: list = field(default_factory=list)
    savings: list = field(default_factory=list)

    @property
    def is_digital(self):
        return DIGITAL in self.themes


@dataclass(frozen=True)
class Cast:
    scale: Scale
    carriers: list
    projects: list
    late: Project
    rng: random.Random

    @property
    def laureates(self):
        return [project for project in self.projects if project.fate == "selected"]


def draw(size, seed, *, first_year):
    """The whole cast; the same size, seed and year give the same one."""
    rng = random.Random(seed)  # noqa: S311 - a play, not a secret
    scale = Scale(size)
    facts = [fact for fact in read("laureates") if fact["call_id"] == REAL_CALL][: scale.known]
    known = [_known_project(fact) for fact in facts]
    carriers = _invented_carriers(scale, {project.carrier for project in known})
    # One more than the size: the last one files too late.
    invented = _invented_projects(rng, size + 1 - len(known), scale.digital - len(known), carriers)
    projects = known + invented[:-1]
    _draw_fates(rng, projects, scale)
    _draw_money(rng, projects, scale)
    late = invented[-1]
    late.requested, late.total_cost = 2_000_000, 5_000_000
    for project in [*projects, late]:
        _write(rng, project, first_year)
    # Applications arrive in no particular order.
    rng.shuffle(projects)
    real = list(dict.fromkeys(project.carrier for project in known))
    return Cast(scale, real + carriers, projects, late, rng)


def _known_project(fact):
    """A real laureate: its name, its carrier and its subject are known, the rest is invented."""
    known = names.KNOWN[fact["id"]]
    carrier = Carrier(slugify(fact["carrier"]), fact["carrier"], known["kind"], real=True)
    solution = names.SOLUTIONS[known["solution"]]
    return Project(
        fact["name"], carrier, [DIGITAL], names.known_subject(fact), solution, fact=fact, fate="selected"
    )


def _invented_carriers(scale, real):
    """57 carriers in all at the real size, 15 of them ministries."""
    count = min(scale.size - scale.known, max(2, scale.of(57) - len(real)), 15 + len(names.BODIES))
    ministries = min(15, max(1, round(count * 15 / 50))) if count else 0
    bodies = count - ministries
    rows = [_invented(f"Ministère fictif {name}", Kind.MINISTRY) for name in names.MINISTRIES]
    others = [_invented(f"{kind} {name}", names.kind_of(kind)) for kind, name in names.BODIES]
    return rows[:ministries] + others[:bodies] or rows[:1]


def _invented(name, kind):
    return Carrier(slugify(name), name, kind)


def _invented_projects(rng, count, digital, carriers):
    """Projects with distinct titles; each carrier has one at least while there are enough."""
    pairs = [
        (solution, subject) for solution in names.SOLUTIONS.values() for subject in names.SUBJECTS.values()
    ]
    pools = {kind: [pair for pair in pairs if pair[0].is_digital == kind] for kind in (True, False)}
    for pool in pools.values():
        rng.shuffle(pool)
    holders = [carriers[position % len(carriers)] for position in range(count)]
    tail = holders[len(carriers) :]
    rng.shuffle(tail)
    holders[len(carriers) :] = tail
    kinds = [True] * max(0, digital) + [False] * (count - 1 - max(0, digital)) + [True]
    head = kinds[:-1]
    rng.shuffle(head)
    projects, used = [], {True: 0, False: 0}
    for carrier, is_digital in zip(holders, [*head, True], strict=True):
        pool = pools[is_digital]
        again, position = divmod(used[is_digital], len(pool))
        used[is_digital] += 1
        solution, subject = pool[position]
        title = f"{solution.name} : {subject.topic}" + (f" ({again + 1})" if again else "")
        themes = [solution.theme]
        if is_digital and rng.random() < 0.3:
            themes.append(rng.choice(("mutualisation", "innovation", "action-publique-2022")))
        projects.append(Project(title, carrier, themes, subject, solution))
    return projects


def _draw_fates(rng, projects, scale):
    """Decide who the story ends well for; a known laureate always is one, a real carrier never loses."""
    invented = [project for project in projects if project.fact is None]
    rng.shuffle(invented)
    fates = (
        ["selected"] * (scale.laureates - scale.known)
        + ["reserve"] * scale.reserve
        + ["deferred"] * scale.deferred
        + ["rejected"] * (scale.shortlisted - scale.laureates - scale.reserve - scale.deferred)
        + ["ineligible"] * scale.ineligible
    )
    for project, fate in zip(invented, fates, strict=False):
        project.fate = fate
    bounds = {
        "selected": (0.72, 0.97),
        "reserve": (0.6, 0.75),
        "deferred": (0.5, 0.7),
        "rejected": (0.45, 0.6),
    }
    for project in projects:
        project.quality = rng.uniform(*bounds.get(project.fate, (0.15, 0.5)))
        project.returned = rng.random() < 0.06


def _draw_money(rng, projects, scale):
    """Grants, requests and costs that add up exactly to the scaled totals, in thousands of euros."""
    laureates = [project for project in projects if project.fate == "selected"]
    for project, grant in zip(laureates, _share(rng, scale.granted, len(laureates)), strict=True):
        project.grant = grant
        project.requested = round(grant * rng.uniform(1.0, 1.3) / 1000) * 1000
    others = [project for project in projects if project.fate != "selected"]
    left = scale.requested - sum(project.requested for project in laureates)
    for project, requested in zip(others, _share(rng, left, len(others)), strict=True):
        project.requested = requested
    extra = scale.total_cost - sum(project.requested for project in projects)
    weights = [project.requested * rng.uniform(0.5, 1.5) for project in projects]
    for project, part in zip(projects, _split(extra, weights), strict=True):
        project.total_cost = project.requested + part


def _share(rng, total, count):
    """`count` very unequal amounts above the call's threshold that add up to `total`."""
    weights = [rng.lognormvariate(0, 0.9) for _ in range(count)]
    floor = min(THRESHOLD, total // max(count, 1))
    return [floor + part for part in _split(total - floor * count, weights)]


def _split(total, weights):
    """Whole thousands in proportion to the weights; the last takes what rounding left."""
    if not weights:
        return []
    parts = [int(total * weight / sum(weights)) // 1000 * 1000 for weight in weights]
    parts[-1] += total - sum(parts)
    return parts


def _write(rng, project, first_year):
    """The dossier itself: text, financing over three to five years, savings that come later."""
    years = rng.randrange(3, 6)
    project.answers = texts.write_answers(
        rng, subject=project.subject, solution=project.solution, first_year=first_year, years=years
    )
    profile = [rng.uniform(0.6, 1.4) for _ in range(years)]
    own_share = rng.uniform(0.6, 0.9)
    extra = project.total_cost - project.requested
    own, partner = _split(extra, [own_share, 1 - own_share])
    for source, label, amount in (
        ("fund", "Étude, réalisation et déploiement", project.requested),
        ("own", "Équipe projet et exploitation", own),
        ("partner", "Participation des partenaires (fictifs)", partner),
    ):
        project.financing += [
            {"year": first_year + year, "source": source, "label": label, "amount": Decimal(part)}
            for year, part in enumerate(_split(amount, profile))
            if part
        ]
    project.financing.sort(key=lambda line: line["year"])
    yearly = project.requested * rng.uniform(0.15, 0.6)
    labels = ("Temps de saisie et de relance", "Arrêt des anciens outils", "Affranchissement et archivage")
    for year in range(years):
        for label, part in zip(labels, _split(int(yearly * (year + 1) / years), [5, 3, 1]), strict=True):
            recurring = label != "Arrêt des anciens outils" or year == years - 1
            line = {"year": first_year + years + year - 1, "label": label, "amount": Decimal(max(part, 0))}
            project.savings.append(line | {"recurring": recurring})
