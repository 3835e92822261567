"""Measurements, run by hand: what they print is a machine's, not a law."""
