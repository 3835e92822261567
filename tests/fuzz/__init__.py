"""Posts made by chance: the laws of ``tests.laws`` against mutated posts of our own."""
