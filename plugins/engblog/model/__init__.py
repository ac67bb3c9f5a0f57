"""The values that everything else uses: articles, views, problems, addresses, text. It imports nothing but itself."""
