"""What everything speaks of: articles, views, problems, addresses, text. It imports nothing but itself."""
