"""Messages the bot could not place or did not help with: grouped, and turned into content."""
