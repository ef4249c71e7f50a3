"""What staff work with: escalations, people who want a person, and what is said to them. No Rasa, no web."""
