"""Whether the finished site keeps its promises."""
