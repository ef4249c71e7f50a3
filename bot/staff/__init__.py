"""The staff console: a web application of its own, without Rasa."""
