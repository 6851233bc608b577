"""What the loader stores of an edition. No person's data; the application's role may only read."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _


class Plan(models.Model):
    """An official plan: one edition of the paper."""

    id = models.CharField(primary_key=True, max_length=40)
    number = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    issuer = models.CharField(max_length=100)
    issued_on = models.DateField()
    in_force_from = models.DateField()
    in_force_until = models.DateField(null=True)
    head = models.JSONField()
    """letterhead, notice, copied_to, printed_copies, note"""
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="followed_by")
    """the edition before, when the folder says how each of its clauses and duties goes on"""
    since: date
    """the first day on which it asks something of a county; told by `queries.active` alone"""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(in_force_until=None)
                | models.Q(in_force_until__gt=models.F("in_force_from")),
                name="plan_in_force",
            )
        ]

    def __str__(self) -> str:
        return self.number


class CountyPlan(models.Model):
    """From a day on this county works by this edition; an edition bound to a county is nobody else's.

    A county that nothing binds works by the latest edition that is bound to none.
    """

    id = models.SmallAutoField(primary_key=True)
    county = models.BigIntegerField()
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="counties")
    from_day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "from_day"], name="plan_county_day")]

    def __str__(self) -> str:
        return f"{self.county} {self.plan_id}"


class EditionChange(models.Model):
    """How clauses or obligations of the edition before go on in this one; their keys, old and new."""

    id = models.SmallAutoField(primary_key=True)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="changes")
    order = models.SmallIntegerField()
    of = models.CharField(max_length=10, choices=[("clause", _("条款")), ("obligation", _("责任事项"))])
    kind = models.CharField(max_length=10)
    old = models.JSONField()
    new = models.JSONField()

    class Meta:
        ordering = ["plan", "order"]
        constraints = [models.UniqueConstraint(fields=["plan", "order"], name="plan_change_order")]

    def __str__(self) -> str:
        return f"{self.old} {self.kind} {self.new}"


class Clause(models.Model):
    """A numbered place in the plan, verbatim."""

    id = models.SmallAutoField(primary_key=True)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="clauses")
    key = models.CharField(max_length=20)
    parent_key = models.CharField(max_length=20, null=True)
    order = models.SmallIntegerField()
    number = models.CharField(max_length=10)
    heading = models.CharField(max_length=100)
    text = models.TextField()
    hash = models.CharField(max_length=64)
    note = models.TextField()

    class Meta:
        ordering = ["plan", "order"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "key"], name="plan_clause_key"),
            models.UniqueConstraint(
                fields=["plan", "order"], name="plan_clause_order", deferrable=models.Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Obligation(models.Model):
    """What a clause asks. `rule` is the compiled rule; its numbers are keys into Parameter."""

    id = models.SmallAutoField(primary_key=True)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="obligations")
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="obligations")
    key = models.CharField(max_length=40)
    order = models.SmallIntegerField()
    title = models.CharField(max_length=14)
    modality = models.CharField(max_length=10, choices=[("required", _("必须")), ("encouraged", _("鼓励"))])
    rule = models.JSONField()

    class Meta:
        ordering = ["plan", "order"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "key"], name="plan_obligation_key"),
            models.CheckConstraint(
                condition=models.Q(modality__in=["required", "encouraged"]), name="plan_obligation_modality"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Parameter(models.Model):
    """One number of the plan with its source, valid from a day until the next value."""

    id = models.SmallAutoField(primary_key=True)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="parameters")
    key = models.CharField(max_length=60)
    valid_from = models.DateField()
    title = models.CharField(max_length=100)
    value = models.JSONField()
    unit = models.CharField(max_length=20)
    source = models.JSONField()
    bounds = models.JSONField(default=dict)
    """at_least, at_most: what a county may choose, where the edition says it"""
    nation = models.JSONField(default=dict)
    """value, paper, clause: what the nation asks, where the edition says it; nobody may be looser"""

    class Meta:
        ordering = ["plan", "key", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "key", "valid_from"], name="plan_parameter_day"),
            models.CheckConstraint(
                condition=models.Q(source__kind__in=["plan", "local", "office"]), name="plan_parameter_source"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Interpretation(models.Model):
    """How words that are not clear are read when the edition is loaded, from a day until the next reading of them.

    An empty reading is a doubt that nobody has closed. What the office writes stands in `OfficeReading`.
    """

    id = models.SmallAutoField(primary_key=True)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="interpretations")
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="interpretations")
    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="interpretations", null=True)
    kind = models.CharField(max_length=20)
    words = models.TextField()
    valid_from = models.DateField()
    order = models.SmallIntegerField()
    reading = models.TextField()
    source = models.JSONField()

    class Meta:
        ordering = ["plan", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["clause", "obligation", "kind", "words", "valid_from"],
                name="plan_interpretation_day",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(source__kind__in=["local", "office"]), name="plan_interpretation_source"
            ),
        ]

    def __str__(self) -> str:
        return self.reading
