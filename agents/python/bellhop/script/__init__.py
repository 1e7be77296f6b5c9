"""What the scripts beside this package share."""
