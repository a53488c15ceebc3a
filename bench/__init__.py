"""Benchmarks: one line a measure, beside a baseline measured in the same run."""
