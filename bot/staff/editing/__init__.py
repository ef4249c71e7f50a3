"""Edits of content by staff: drafted, reviewed by somebody else, published, and every version kept."""
