"""Two ways to the same figures: `monitored` asks Prometheus, `summed` reads our own table."""
