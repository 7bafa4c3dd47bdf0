"""Plans a machine-learning architecture from answers, rules and a dated catalogue."""

__version__ = "0.1.0"
