"""Laws are tried with generated values, the same ones in every run."""

from hypothesis import settings

settings.register_profile("laws", deadline=None, derandomize=True, database=None, max_examples=25)
settings.load_profile("laws")
