"""What every type of question answers for."""

EMPTY = "Sélectionner une option"


class QuestionType:
    """A type asks its question with one Django field; `settings` are what one chooses about it beside its words."""

    label = ""
    settings = ()
    kept = str  # the kind of JSON that an answer is
    numeric = False  # whether checks may compute with it
    choosable = False  # whether a condition may compare it with one of a few values

    def fields(self, question):
        """The Django fields that ask, by the suffix of their name. None of them is required: a draft has gaps."""
        return {"": self.field(question)}

    def field(self, question):
        raise NotImplementedError

    def answer(self, values):
        """The JSON answer made of the cleaned values, by suffix."""
        return self.to_json(values.get(""))

    def to_json(self, value):
        return value

    def understands(self, answer, question):
        """Whether a kept answer is one of this type's: the question may have had another one when it was given."""
        return isinstance(answer, self.kept)

    def typed(self, answer):
        """What one would type in each field to give this answer, by suffix."""
        return {"": "" if answer is None else str(answer)}

    def text(self, answer, question):
        """The answer as one reads it; empty where there is none."""
        return "" if answer is None else str(answer)

    def options(self, question):
        """(value, label) pairs that a condition may compare a choosable answer with."""
        return []
