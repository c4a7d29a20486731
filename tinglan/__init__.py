"""Tinglan (听澜): a self-hosted enterprise public-opinion system."""
