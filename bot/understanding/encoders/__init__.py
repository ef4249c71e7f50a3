"""The two encoders that turn texts into sentence vectors, and the graphs by which they run."""
