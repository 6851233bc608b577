"""Numbers that look right, pass every check and can belong to nobody.

- Id numbers begin with 622999. 622901 and 622921–622927 are the county-level codes of Linxia; 622999 was never
  one, so no register office ever issued such a number. Date and check digit are valid.
- Student numbers are G and that id number (or L and 18 digits of the same region for a child without one).
- Phones begin with 160. No operator holds that block (MIIT, allocation of mobile network numbers, March 2023).
- School codes carry the province digits 99, which GB/T 2260 does not have.
"""

from collections import defaultdict
from datetime import date

REGION = "622999"
PHONE_PREFIX = "+86160"
PROVINCE = "99"
CATEGORY = {
    "kindergarten": "11",
    "primary": "21",
    "junior": "31",
    "nine_year": "31",
    "senior": "34",
    "complete": "34",
    "vocational": "36",
    "special": "51",
}
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


class Numbers:
    """Deals out numbers in order; the same calls in the same order give the same numbers."""

    def __init__(self) -> None:
        self._sequence: defaultdict[tuple[date, int], int] = defaultdict(int)
        self._phones = self._schools = self._without_id = 0

    def id_number(self, born_on: date, sex: int) -> str:
        """An 18-digit id number for that birthday; the 17th digit is odd for men, even for women."""
        used = self._sequence[born_on, sex]
        self._sequence[born_on, sex] += 1
        sequence = 2 * used + (1 if sex == 1 else 2)
        if sequence > 999:
            raise ValueError(f"more than 499 people of one sex born on {born_on}")
        body = f"{REGION}{born_on:%Y%m%d}{sequence:03d}"
        return body + check_digit(body)

    def student_number(self, id_number: str | None) -> str:
        """The number in the student register; L for a child whose id number is not known yet."""
        if id_number:
            return f"G{id_number}"
        self._without_id += 1
        return f"L{REGION}{self._without_id:012d}"

    def phone(self) -> str:
        """A mobile number as it is stored, E.164."""
        self._phones += 1
        return f"{PHONE_PREFIX}{self._phones * 7 % 100_000_000:08d}"

    def school_code(self, kind: str) -> str:
        """A ten-digit school code that marks the school as invented."""
        self._schools += 1
        return f"{CATEGORY[kind]}{PROVINCE}{self._schools:06d}"


def check_digit(first_seventeen: str) -> str:
    """GB 11643."""
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def is_invented_school_code(code: str) -> bool:
    """True for a code that `Numbers.school_code` could have made."""
    return len(code) == 10 and code[2:4] == PROVINCE
