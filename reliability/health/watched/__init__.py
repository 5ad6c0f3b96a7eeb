"""Probes of what every site has: its database, its Redis, its folders."""
