"""Text to article: front matter, body, marks, references, the lab's record."""
