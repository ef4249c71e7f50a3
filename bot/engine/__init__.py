"""What makes Rasa hold: turns that cannot stop the process, and conversations that are kept whole or not at all."""
