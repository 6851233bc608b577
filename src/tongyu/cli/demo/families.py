"""Invented families: who the adults are, who lives with the child, where."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tongyu.cli.demo import names
from tongyu.cli.demo.numbers import Numbers
from tongyu.cli.demo.places import COUNTY_NAME, villages
from tongyu.core.encryption import blind_index
from tongyu.directory.models.people import Guardian, LeftBehind, Relation
from tongyu.directory.name_keys import name_key
from tongyu.records.demos import CHINA, Dice

LEFT_BEHIND, SINGLE_PARENT, NO_PHONE = 0.12, 0.06, 0.01
SECOND_CHILD = 0.24
MOST_CHILDREN = 3


@dataclass
class Adult:
    """A guardian with how they stand to the family's children."""

    guardian: Guardian
    relation: str
    lives_together: bool


@dataclass
class Family:
    """A household with one child or more at school."""

    style: str
    surname: str
    address: str
    left_behind: int
    single_parent: bool
    adults: list[Adult]
    birthdays: list[date] = field(default_factory=list)

    def takes(self, born_on: date) -> bool:
        """True when a child born that day can be a sibling: a year apart from the others at least."""
        if len(self.birthdays) >= MOST_CHILDREN:
            return False
        return all(400 < abs((born_on - other).days) < 3700 for other in self.birthdays)


@dataclass
class Families:
    """The households of one township; later children may come into one that is there already."""

    dice: Dice
    numbers: Numbers
    division: int
    township: str
    known: list[Family] = field(default_factory=list)

    def for_child(self, born_on: date, org: int) -> Family:
        """A family for a child of that birthday: an elder sibling's, or a new one."""
        if self.known and self.dice.chance(SECOND_CHILD):
            family = self.dice.choice(self.known)
            if family.takes(born_on):
                family.birthdays.append(born_on)
                return family
        family = self._found(born_on, org)
        family.birthdays.append(born_on)
        self.known.append(family)
        return family

    def _found(self, born_on: date, org: int) -> Family:
        dice = self.dice
        style = names.style(dice)
        surname = names.surname(dice, style)
        throw = dice.random()
        left_behind = LeftBehind.NO
        if throw < LEFT_BEHIND:
            left_behind = LeftBehind.BOTH_PARENTS if dice.chance(0.6) else LeftBehind.ONE_PARENT
        single = dice.chance(SINGLE_PARENT)
        village = dice.choice(villages()[self.division])
        where = f"{dice.randint(1, 9)}社" if village.endswith("村") else f"{dice.randint(1, 18)}号楼"
        address = f"{COUNTY_NAME}{self.township}{village}{where}"
        plan = _household(dice, left_behind, single)
        adults = [
            self._adult(style, surname, relation, together, born_on, org) for relation, together in plan
        ]
        return Family(style, surname, address, int(left_behind), single, adults)

    def _adult(
        self, style: str, surname: str, relation: Relation, together: bool, born_on: date, org: int
    ) -> Adult:
        dice = self.dice
        sex = {Relation.FATHER: names.MALE, Relation.MOTHER: names.FEMALE}.get(relation)
        sex = sex or (names.MALE if dice.chance(0.45) else names.FEMALE)
        family = surname if sex == names.MALE else names.surname(dice, style)
        older = 53 if relation == Relation.GRANDPARENT else 27
        birthday = born_on - timedelta(days=older * 365 + dice.randrange(-1800, 1800))
        name = names.full_name(dice, style, family, sex)
        id_number = self.numbers.id_number(birthday, sex) if dice.chance(0.5) else None
        phone = None if dice.chance(NO_PHONE) else self.numbers.phone()
        guardian = Guardian(
            id=dice.uuid7(datetime(2025, 9, 1, 8, tzinfo=CHINA)),
            org=org,
            name=name,
            name_key=name_key(name),
            invented=True,
            phone=phone,
            phone_index=blind_index(phone) if phone else None,
            id_number=id_number,
            id_index=blind_index(id_number) if id_number else None,
        )
        return Adult(guardian, relation.value, together)


def _household(dice: Dice, left_behind: int, single: bool) -> list[tuple[Relation, bool]]:
    """Whom the school knows as guardian, first the one it calls: (relation, lives with the child)."""
    parent = Relation.MOTHER if dice.chance(0.6) else Relation.FATHER
    if left_behind == LeftBehind.BOTH_PARENTS or (left_behind and single):
        return [(Relation.GRANDPARENT, True), (parent, False)]
    if left_behind:
        return [(Relation.MOTHER, True), (Relation.FATHER, False)]
    if single:
        return [(parent, True)] if dice.chance(0.7) else [(parent, True), (Relation.GRANDPARENT, True)]
    if dice.chance(0.1):
        return [(parent, True)]
    if dice.chance(0.02):
        return [(Relation.RELATIVE, True)]
    return [(Relation.FATHER, True), (Relation.MOTHER, True)]
